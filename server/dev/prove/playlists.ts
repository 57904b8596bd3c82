import { hash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Kind, type Options, type Rewritten, rewritePlaylist } from '../../src/stream/playlist.ts';
import { StreamError } from '../../src/stream/refusal.ts';
import { type Random, seedRandom } from '../../test/faults/random.ts';
import { ROOT } from '../places.ts';
import type { Asked, Result } from '../proofs.ts';
import { writePlaylist } from './playlists/grammar.ts';
import { mutate } from './playlists/mutations.ts';
import { findAddresses } from './playlists/scanner.ts';

const PLAYLISTS = 500_000;
/** Of the playlists, that are changed after they were written: few of these are taken. */
const MUTATED = 0.45;
/** Of those taken, in which one address is left as an origin wrote it: all of these have to be found. */
const PLANTED = 0.2;
const BASE = 'https://origin.example/live/index.m3u8?q=1';
const HOME = 'https://us.example';
const CALL_MS = 50;
/** Variables in words may bring 64 KiB, and taking addresses in them apart doubles these. */
const GROWTH = { times: 4, chars: 131_072 };
const REFUSALS: readonly string[] = ['not_a_playlist', 'bad_playlist', 'drm_unsupported', 'too_large'];
const PLANTS = ['https://evil.example/a.ts', '//evil.example/a', 'a.ts', 'HTTP:x', '../x?y', 'data:,x'];
const YIELD_EVERY = 500;

type Seal = { address(kind: Kind, url: string): string; isOurs(address: string): boolean };

/** Whatever an origin writes: it is refused by a code, or every address in what goes on to viewers is ours. */
export async function prove({ share, seed, say }: Asked): Promise<Result> {
  const wanted = Math.max(1_000, Math.round(PLAYLISTS * share));
  const random = seedRandom(seed).fork('playlists');
  const samples = await readSamples();
  const faults: string[] = [];
  const tally = { taken: 0, addresses: 0, planted: 0, caught: 0, worstMs: 0, growth: 0 };

  for (let i = 0; i < wanted && faults.length < 5; i += 1) {
    if (i % YIELD_EVERY === 0) await new Promise(setImmediate);
    const text = compose(random, samples);
    const seal = createSeal(random.chance(0.2) ? HOME : '');
    const options: Options = { variables: { v0: 'given' }, ...(random.chance(0.5) ? { firstDate: random.between(0, 2 ** 41) } : {}) };
    const began = performance.now();
    let rewritten: Rewritten;
    try {
      rewritten = rewritePlaylist(text, BASE, seal.address, options);
    } catch (error) {
      if (!(error instanceof StreamError) || !REFUSALS.includes(error.code)) faults.push(`threw ${error} at ${JSON.stringify(text)}`);
      continue;
    } finally {
      tally.worstMs = Math.max(tally.worstMs, await judgeTime(performance.now() - began, text, options));
    }
    tally.taken += 1;
    tally.growth = Math.max(tally.growth, rewritten.text.length / text.length);
    const addresses = findAddresses(rewritten.text);
    tally.addresses += addresses.length;
    const fault = judge(text, rewritten, addresses, seal);
    if (fault) faults.push(`${fault} at ${JSON.stringify(text)} giving ${JSON.stringify(rewritten.text)}`);
    if (addresses.length === 0 || !random.chance(PLANTED)) continue;
    const planted = rewritten.text.replace(random.pick(addresses), () => random.pick(PLANTS));
    tally.planted += 1;
    if (findAddresses(planted).some((address) => !seal.isOurs(address))) tally.caught += 1;
    else faults.push(`missed a planted address in ${JSON.stringify(planted)}`);
  }

  for (const fault of faults) say(fault.slice(0, 4_000));
  const { taken, addresses, planted, caught, worstMs, growth } = tally;
  const ok = faults.length === 0 && taken * 2 >= wanted && planted > 0 && caught === planted && worstMs <= CALL_MS;
  return { ok, count: wanted, figure: `${taken} of ${wanted} playlists taken, ${faults.length} faults; ${addresses} addresses, all ours; ${caught} of ${planted} planted ones found; at worst ${worstMs.toFixed(1)} ms a call and ${growth.toFixed(1)} times the length` };
}

function compose(random: Random, samples: readonly string[]): string {
  if (!random.chance(MUTATED)) return writePlaylist(random);
  return mutate(random.chance(0.5) ? random.pick(samples) : writePlaylist(random), random);
}

/** What is wrong with what was taken; null when nothing is. */
function judge(text: string, rewritten: Rewritten, addresses: readonly string[], { isOurs }: Seal): string | null {
  const ours = rewritten.text;
  const foreign = addresses.find((address) => !isOurs(address));
  if (foreign !== undefined) return `a foreign address ${JSON.stringify(foreign)}`;
  if (rewritten.uris.some(({ url }) => !/^https?:\/\/[^\s"#]+$/.test(url))) return 'a way to nowhere on the web';
  if (ours.length > GROWTH.times * text.length + GROWTH.chars) return `${ours.length} characters of ${text.length}`;
  // Read as if we were an origin, with addresses that stay what they are, nothing is left to change.
  let again: Rewritten;
  try {
    again = rewritePlaylist(ours, `${HOME}/a/b`, (_, url) => (ours.includes(url) ? url : url.slice(HOME.length)));
  } catch (error) {
    return `refused when read again, ${error}: ${JSON.stringify(ours)}`;
  }
  if (again.text !== ours) return `other words when read again: ${JSON.stringify(again.text)}`;
  return tell(again) === tell(rewritten) ? null : `other facts when read again: ${tell(again)}, not ${tell(rewritten)}`;
}

/** What must be the same before and after; dates may have come in between. */
function tell({ kind, targetMs, partTargetMs, ended, canBlock, mediaSequence, durationMs, uris }: Rewritten): string {
  return JSON.stringify({ kind, targetMs, partTargetMs, ended, canBlock, mediaSequence, durationMs, uris: uris.map((uri) => uri.kind) });
}

/** Other processes take their turns on this machine: a call that seemed slow is tried again, and its best time is its own. */
async function judgeTime(ms: number, text: string, options: Options): Promise<number> {
  let best = ms;
  for (let i = 0; i < 5 && best > CALL_MS / 5; i += 1) {
    const began = performance.now();
    try {
      rewritePlaylist(text, BASE, createSeal('').address, options);
    } catch {
      // Refused, as it was before: here only the time counts.
    }
    best = Math.min(best, performance.now() - began);
  }
  return best;
}

/** Addresses that nobody else can make, and that are different for whatever they lead to. */
function createSeal(home: string): Seal {
  const sealed: { kind: Kind; url: string }[] = [];
  const sign = (kind: string, url: string): string => hash('sha1', `${SECRET}\n${kind}\n${url}`, 'base64url').slice(0, 10);
  return {
    address: (kind, url) => `${home}/ours/${kind}/${sealed.push({ kind, url }) - 1}.${sign(kind, url)}`,
    isOurs(address) {
      const [, from, kind, index, token] = /^(.*)\/ours\/([a-z]+)\/(\d+)\.([\w-]{10})$/.exec(address) ?? [];
      const known = sealed[Number(index)];
      return from === home && known !== undefined && known.kind === kind && sign(kind, known.url) === token;
    },
  };
}
const SECRET = randomBytes(16).toString('hex');

async function readSamples(): Promise<string[]> {
  const folder = path.join(ROOT, 'server/test/stream/samples');
  return Promise.all((await readdir(folder)).map((file) => readFile(path.join(folder, file), 'utf8')));
}
