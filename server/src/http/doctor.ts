import type { createConnection, Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { WebSocket } from 'ws';
import { isPostId } from '../protocol/index.ts';
import { admits } from '../room/doorkeeper.ts';
import type { Egress, Outside } from '../stream/egress.ts';
import type { Origin } from '../stream/origin.ts';
import { StreamError } from '../stream/refusal.ts';
import type { Gate } from './admin.ts';
import { homeOf, placeAt } from './links.ts';

/** What the doctor looks at, in this order; words for each are the page's that shows them. */
export const looks = ['page', 'snippet', 'post_id', 'csp', 'mixed', 'ancestors', 'reach', 'upgrade', 'storage', 'hops'] as const;
/** `ok` null: it could not be looked at. `about`: what was seen. */
export type Finding = { look: (typeof looks)[number]; ok: boolean | null; about?: string };
export type Means = { origin: Pick<Origin, 'ask'>; outside: Outside; publicUrl: string; frameAncestors: string; hops: number };

const PAGE_MAX_BYTES = 1_000_000;
const URL_MAX_CHARS = 2_048;
const WITHIN_MS = 5_000;

/** `/api/v1/doctor`: what is wrong with an embed, as far as it is seen from here. */
export function addDoctor(app: FastifyInstance, means: Means, gate: Gate): void {
  app.post<{ Body: { url?: unknown } | null }>('/api/v1/doctor', async (request, reply) => {
    if (!(await gate(request, reply, 'POST /api/v1/doctor'))) return reply;
    const { url } = request.body ?? {};
    if (typeof url !== 'string' || url.length > URL_MAX_CHARS || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return reply.problem(400, 'bad_url', 'This is not a web address that starts with http:// or https://.');
    return reply.header('cache-control', 'no-store').send({ findings: await examine(url, { ...means, home: homeOf(request, means.publicUrl), forwarded: forwardedOf(request) }) });
  });
}

/** `home`: where readers find the server. `forwarded`: how many addresses stood in the `X-Forwarded-For` of who asks, null without one. */
async function examine(url: string, { origin, outside, home, publicUrl, frameAncestors, hops, forwarded }: Means & { home: string; forwarded: number | null }): Promise<Finding[]> {
  const page = await read(origin, url);
  const blog = new URL(page.url ?? url);
  const found = page.html === null ? null : roomsIn(page.html, home);
  const [reach, upgrade] = publicUrl === '' ? [null, null] : await Promise.all([answers(publicUrl, outside), opens(publicUrl, outside)]);
  const sources = frameAncestors.split(' ');
  return [
    { look: 'page', ok: page.html !== null, ...(page.why && { about: page.why }) },
    { look: 'snippet', ok: found && found.length > 0 },
    { look: 'post_id', ok: found && found.length > 0 ? found.every((id) => id === null || isPostId(id)) : null, ...(found?.find((id) => id !== null) && { about: found.filter((id) => id !== null).join(', ').slice(0, 200) }) },
    { look: 'csp', ok: page.html === null ? null : page.policies.every((policy) => allows(policy, home)) },
    { look: 'mixed', ok: !(blog.protocol === 'https:' && home.startsWith('http:')) },
    { look: 'ancestors', ok: sources.includes('*') || blog.origin === home || sources.some((source) => source !== "'none'" && source !== "'self'" && admits(source, blog.origin)), about: frameAncestors },
    { look: 'reach', ok: reach },
    { look: 'upgrade', ok: upgrade },
    { look: 'storage', ok: home.startsWith('https:') || ['localhost', '127.0.0.1'].includes(new URL(home).hostname) },
    { look: 'hops', ok: forwarded === null ? hops === 0 : forwarded === hops, about: `${forwarded ?? 0} / ${hops}` },
  ];
}

type Page = { html: string | null; url?: string; why?: string; policies: string[] };

async function read(origin: Pick<Origin, 'ask'>, url: string): Promise<Page> {
  try {
    const answer = await origin.ask(url, { maxBytes: PAGE_MAX_BYTES, accept: 'text/html', gzip: true });
    const parts: Uint8Array[] = [];
    for await (const part of answer.body) parts.push(part);
    const html = Buffer.concat(parts).toString('utf8');
    const meta = [...html.matchAll(/<meta\s[^>]*http-equiv=["']?content-security-policy["']?[^>]*>/gi)].flatMap(([tag]) => attribute(tag, 'content') ?? []);
    return { html, url: answer.url, policies: [answer.headers['content-security-policy'] ?? '', ...meta].filter(Boolean) };
  } catch (error) {
    return { html: null, why: error instanceof StreamError ? error.code : 'unreachable', policies: [] };
  }
}

/** Of each room that the page asks for, its post id; null where the page's own address is taken for it. */
function roomsIn(html: string, home: string): (string | null)[] {
  const frames = [...html.matchAll(/<iframe\s[^>]*>/gi)].flatMap(([tag]) => attribute(tag, 'src') ?? []).filter((src) => URL.canParse(src, home) && new URL(src, home).origin === home)
    .map((src) => placeAt(new URL(src, home).href, home)?.post ?? new URL(src, home).searchParams.get('postId') ?? '');
  const scripts = [...html.matchAll(/<script\s[^>]*>/gi)].filter(([tag]) => attribute(tag, 'src') === `${home}/embed.js`).map(([tag]) => tag);
  const elements = [...html.matchAll(/<aside-chat(\s[^>]*)?>/gi)].map(([tag]) => tag);
  const named = [...(elements.length > 0 ? elements : scripts)].map((tag) => attribute(tag, 'post-id') ?? attribute(tag, 'data-post-id'));
  return [...frames, ...(scripts.length > 0 ? named : [])];
}

function attribute(tag: string, name: string): string | null {
  const [, double, single, bare] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>"']+))`, 'i').exec(tag) ?? [];
  return (double ?? single ?? bare)?.replaceAll('&amp;', '&') ?? null;
}

/** Whether a page's policy lets our frame in, and the script that makes it. Without a word on it, everything is allowed. */
function allows(policy: string, home: string): boolean {
  const rules = new Map(policy.split(';').map((rule) => rule.trim().split(/\s+/)).map(([name = '', ...sources]) => [name.toLowerCase(), sources] as const));
  const of = (...names: string[]): readonly string[] | undefined => names.map((name) => rules.get(name)).find((sources) => sources !== undefined);
  const lets = (sources: readonly string[] | undefined): boolean => sources === undefined || sources.some((source) => source === '*' || source === new URL(home).protocol || (/[.:*]/.test(source) && admits(source.replace(/\/$/, ''), source.includes('://') ? home : new URL(home).host)));
  return lets(of('frame-src', 'child-src', 'default-src'));
}

async function answers(home: string, outside: Outside): Promise<boolean> {
  return outside.fetch(`${home}/healthz`, { signal: AbortSignal.timeout(WITHIN_MS), redirect: 'error' }).then(async (answer) => answer.ok && ((await answer.json()) as { ok?: boolean }).ok === true, () => false);
}

/** Whether what stands before the server passes sockets on. */
function opens(home: string, { egress }: Outside): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${home.replace(/^http/, 'ws')}/ws`, { origin: home, handshakeTimeout: WITHIN_MS, ...(egress && { createConnection: dialed(egress, home) }) });
    socket.once('open', () => { resolve(true); socket.close(); });
    socket.once('error', () => { resolve(false); socket.terminate(); });
  });
}

/** Node waits for the connection though its type says that there is one at once. */
function dialed(egress: Egress, home: string): typeof createConnection {
  return ((_: object, done: (error: Error | null, socket?: Socket) => void) => void egress.dial(new URL(home), WITHIN_MS).then((socket) => done(null, socket), done)) as never;
}

function forwardedOf({ headers }: FastifyRequest): number | null {
  const said = headers['x-forwarded-for'];
  return said === undefined ? null : String(said).split(',').length;
}
