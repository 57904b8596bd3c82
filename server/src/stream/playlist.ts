import { parseDate } from './playlist/dates.ts';
import { LINE_MAX, readLines } from './playlist/lines.ts';
import { type Passage, passTag } from './playlist/passage.ts';
import { type Tag, tags } from './playlist/tags.ts';
import { openTimeline } from './playlist/timeline.ts';
import { openUris } from './playlist/uris.ts';
import { openVariables } from './playlist/variables.ts';
import { isHarmlessTag } from './playlist/words.ts';
import { StreamError } from './refusal.ts';

/** What an address leads to. It decides the content type, how long it may be kept, and how long our own address of it lives. */
export type Kind = 'playlist' | 'segment' | 'part' | 'map' | 'key' | 'data';
export type Rewritten = {
  text: string;
  kind: 'master' | 'media';
  /** Null in a master; at least a second. */
  targetMs: number | null;
  partTargetMs: number | null;
  ended: boolean;
  /** Has program dates of its own. */
  dated: boolean;
  canBlock: boolean;
  mediaSequence: number;
  /** Of the segments listed, without parts that are no segment yet. */
  durationMs: number;
  /** Date of the end of the newest picture, parts too, by the origin's dates; null when it has none. */
  edge: number | null;
  /** Each once, in the order of the playlist. */
  uris: { kind: Kind; url: string }[];
  /** Those of a master are for the playlists it leads to, which may import them. */
  variables: Record<string, string>;
};
export type Options = {
  /** Of the first segment listed, in ms: when the origin names no dates, ours go before it and after every discontinuity. */
  firstDate?: number;
  /** Of the master this playlist was found in. */
  variables?: Record<string, string>;
};

/** An origin's playlist in our words, by draft-pantos-hls-rfc8216bis-18: every address is ours, and nothing is left of what is not understood and might be one. Throws a StreamError. */
export function rewritePlaylist(text: string, base: string, address: (kind: Kind, url: string) => string, { firstDate, variables: given = {} }: Options = {}): Rewritten {
  const here = new URL(base);
  const uris = openUris(here, address);
  const variables = openVariables(here, given);
  const timeline = openTimeline();
  const seen = new Set<string>();
  const out: string[] = [];
  const facts = { targetMs: null as number | null, partTargetMs: null as number | null, canBlock: false, mediaSequence: 0 };
  let kind: 'master' | 'media' | null = null;
  let awaited: { of: 'segment'; ms: number } | { of: 'variant' } | null = null;

  function readUri(line: string): void {
    demand(awaited !== null, 'an address of nothing');
    out.push(uris.replace(awaited.of === 'variant' ? 'playlist' : 'segment', variables.fill(line, 'address')));
    if (awaited.of === 'segment') timeline.addSegment(awaited.ms);
    awaited = null;
  }

  function readTag(name: string, value: string, { scope, once, value: form }: Tag): void {
    demand(awaited?.of !== 'variant' && !(once && seen.has(name)), 'a tag in the wrong place');
    demand(scope === 'both' || kind === null || kind === scope, 'master and media in one');
    if (scope !== 'both') kind = scope;
    const passage = passTag(name, value, form, variables, uris);
    if (!passage) return;
    learn(name, passage.told);
    seen.add(name);
    out.push(passage.value === '' ? name : `${name}:${passage.value}`);
  }

  function learn(name: string, told: Passage['told']): void {
    switch (name) {
      case '#EXT-X-TARGETDURATION':
        facts.targetMs = Math.max(1, Number(told())) * 1_000;
        return;
      case '#EXT-X-MEDIA-SEQUENCE':
        demand(!seen.has('#EXTINF') && Number.isSafeInteger(Number(told())), 'a media sequence');
        facts.mediaSequence = Number(told());
        return;
      case '#EXT-X-DISCONTINUITY-SEQUENCE':
        demand(!seen.has('#EXTINF') && !seen.has('#EXT-X-DISCONTINUITY'), 'a discontinuity sequence');
        return;
      case '#EXT-X-PART-INF':
        facts.partTargetMs = Math.round(Number(told('PART-TARGET')) * 1_000);
        return;
      case '#EXT-X-SERVER-CONTROL':
        facts.canBlock = told('CAN-BLOCK-RELOAD') === 'YES';
        return;
      case '#EXT-X-STREAM-INF':
        awaited = { of: 'variant' };
        return;
      case '#EXT-X-PROGRAM-DATE-TIME':
        timeline.date(parseDate(told())?.ms as number);
        return;
      case '#EXT-X-DISCONTINUITY':
        timeline.discontinue();
        return;
      case '#EXT-X-PART':
        timeline.begin(out.length);
        timeline.addPart(Number(told('DURATION')) * 1_000);
        return;
      case '#EXTINF':
        demand(awaited === null, 'two durations');
        timeline.begin(out.length);
        awaited = { of: 'segment', ms: Number.parseFloat(told()) * 1_000 };
    }
  }

  for (const line of readLines(text)) {
    if (!line.startsWith('#')) {
      readUri(line);
      continue;
    }
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).trimStart();
    const tag = tags.get(name);
    if (tag) readTag(name, value, tag);
    else if (isHarmlessTag(name, value)) out.push(line);
  }
  demand(awaited === null && kind !== null && (kind === 'master' ? !variables.imports() : facts.targetMs !== null), 'an unfinished playlist');
  const lines = firstDate === undefined ? out : timeline.dates(out, firstDate);
  if (lines.some((line) => line.length > LINE_MAX)) throw new StreamError('too_large', 'a line of ours');
  return { text: `${lines.join('\n')}\n`, kind, ...facts, ...timeline.facts(), ended: seen.has('#EXT-X-ENDLIST'), uris: uris.found(), variables: variables.all() };
}

function demand(held: boolean, what: string): asserts held {
  if (!held) throw new StreamError('bad_playlist', what);
}
