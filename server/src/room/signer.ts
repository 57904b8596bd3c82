import { createHmac, timingSafeEqual } from 'node:crypto';

/** Tokens that only this installation makes, for one purpose and for so long. Nothing of them is kept, and nothing in them is hidden. */
export type Signer<Claims extends readonly unknown[]> = {
  sign(claims: Claims, now: number): string;
  /** Null where it is not one of ours, of another purpose, or too old. */
  read(token: string, now: number): Claims | null;
};

/** `secrets`: the one in use first, then at most one it replaces. */
export function createSigner<Claims extends readonly unknown[]>(secrets: readonly string[], purpose: string, goodForMs: number): Signer<Claims> {
  const seal = (secret: string, what: string): string => createHmac('sha256', secret).update(`${purpose}\n${what}`).digest('base64url');
  return {
    sign(claims, now) {
      const what = Buffer.from(JSON.stringify([now + goodForMs, ...claims])).toString('base64url');
      return `${what}.${seal(secrets[0] ?? '', what)}`;
    },
    read(token, now) {
      const [, what = '', sealed = ''] = /^([\w-]{1,1024})\.([\w-]{43})$/.exec(token) ?? [];
      if (!secrets.some((secret) => timingSafeEqual(Buffer.from(seal(secret, what)), Buffer.from(sealed.padEnd(43))))) return null;
      const [until, ...claims] = JSON.parse(Buffer.from(what, 'base64url').toString()) as [number, ...Claims];
      return now < until ? (claims as unknown as Claims) : null;
    },
  };
}
