import { attempt } from './shelf.ts';

/** One partitioned cookie, for frames that are denied storage. No route of ours reads it, sets it or returns it. */
export type Jar = {
  read(): string | null;
  /** False when the browser did not take it: on plain http, or where cookies are denied too. */
  write(value: string): boolean;
};

export function openJar(page: { cookie: string } | undefined = globalThis.document): Jar {
  const read = () => attempt(() => {
    const pair = page?.cookie.split('; ').find((part) => part.startsWith(`${NAME}=`));
    return pair === undefined ? null : decodeURIComponent(pair.slice(NAME.length + 1));
  }, null);
  return {
    read,
    write(value) {
      attempt(() => {
        if (page) page.cookie = `${NAME}=${encodeURIComponent(value)}; Path=/; Secure; SameSite=None; Partitioned; Max-Age=${YEAR_S}`;
      }, undefined);
      return read() === value;
    },
  };
}

const NAME = '__Host-aside';
const YEAR_S = 365 * 86_400;
