import { beginOf, lengthOf, PARTS, type Rendition, ROUND_SEGMENTS, type Sample, SEGMENT_SECONDS } from './sample.ts';

/** What one media playlist says. Segments and parts are counted from the beginning of the first round. */
export type Page = {
  /** The first segment listed, and the one after the last that is whole. */
  first: number;
  end: number;
  /** The date of the first round, in ms, or null if no dates are told. */
  epoch: number | null;
  /** The round from which discontinuities are counted, if times begin anew with every round. */
  seamsFrom: number | null;
  ended: boolean;
  low: Low | null;
};

/** `edge`: the first part that does not exist yet. `skip`: leave out what is older than `SKIP_SECONDS`. */
export type Low = { edge: number; skip: boolean };

/** The specification asks for six target durations at least. */
const SKIP_SECONDS = 6 * SEGMENT_SECONDS;
const SKIP_SEGMENTS = SKIP_SECONDS / SEGMENT_SECONDS;
/** Segments that are listed in parts too, beside the one that is not whole yet. */
const SPLIT_SEGMENTS = 3;
/** Sound is cut between its frames of 21.3 ms: no part is longer than 24 of them. */
const PART_TARGET = 0.512;

export function writeMaster(sample: Sample, query: string): string {
  const sounds = sample.filter((one) => one.kind === 'sound');
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS'];
  for (const one of sample) {
    const uri = `${one.name}/media.m3u8${query}`;
    if (one.kind === 'sound') lines.push(`#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Tones",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="1",URI="${uri}"`);
    if (one.kind === 'captions') lines.push(`#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="${one.label}",LANGUAGE="${one.name}",DEFAULT=NO,AUTOSELECT=YES,URI="${uri}"`);
  }
  for (const one of sample) {
    if (one.kind !== 'video') continue;
    const all = [one, ...sounds];
    const sum = (key: 'peak' | 'average') => all.reduce((total, each) => total + each[key], 0);
    lines.push(`#EXT-X-STREAM-INF:BANDWIDTH=${sum('peak')},AVERAGE-BANDWIDTH=${sum('average')},CODECS="${all.map(({ codec }) => codec).join(',')}",RESOLUTION=${one.resolution},FRAME-RATE=24.000,AUDIO="sound",SUBTITLES="captions",CLOSED-CAPTIONS=NONE`, `${one.name}/media.m3u8${query}`);
  }
  return `${lines.join('\n')}\n`;
}

/** `others`: the renditions of the same sample that a low-latency playlist reports on. */
export function writeMedia(one: Rendition, page: Page, others: Sample): string {
  const { first, end, low } = page;
  const skipped = low?.skip ? Math.max(0, end - SKIP_SEGMENTS - first) : 0;
  const lines = [...headOf(page), ...(skipped > 0 ? [`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`] : [])];
  for (let n = first + skipped; n < end; n += 1) {
    lines.push(...tagsOf(one, n, page));
    if (low && n >= end - SPLIT_SEGMENTS) lines.push(...partsOf(one, n * PARTS, (n + 1) * PARTS));
    lines.push(`#EXTINF:${lengthOf(one, n * PARTS, PARTS).toFixed(5)},`, `${n}.${extensionOf(one)}`);
  }
  if (low) {
    lines.push(...(low.edge > end * PARTS ? tagsOf(one, end, page) : []), ...partsOf(one, end * PARTS, low.edge));
    lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${partName(one, low.edge)}"`, ...reportsOf(others.filter(({ name }) => name !== one.name), low.edge - 1));
  }
  if (page.ended) lines.push('#EXT-X-ENDLIST');
  return `${lines.join('\n')}\n`;
}

function headOf({ first, seamsFrom, ended, low }: Page): string[] {
  const lines = ['#EXTM3U', `#EXT-X-VERSION:${low ? 9 : 7}`, `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`];
  if (ended) lines.push('#EXT-X-PLAYLIST-TYPE:VOD');
  if (low) lines.push(`#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${(3 * PART_TARGET).toFixed(3)},CAN-SKIP-UNTIL=${SKIP_SECONDS}`, `#EXT-X-PART-INF:PART-TARGET=${PART_TARGET}`);
  lines.push(`#EXT-X-MEDIA-SEQUENCE:${first}`);
  if (seamsFrom !== null) lines.push(`#EXT-X-DISCONTINUITY-SEQUENCE:${Math.max(0, Math.ceil(first / ROUND_SEGMENTS) - 1 - seamsFrom)}`);
  return lines;
}

/** What stands before a segment. The map and the first date go with the first segment, also when that is skipped. */
function tagsOf(one: Rendition, n: number, { first, epoch, seamsFrom }: Page): string[] {
  const seam = n > 0 && n % ROUND_SEGMENTS === 0;
  const lines = seamsFrom !== null && seam ? ['#EXT-X-DISCONTINUITY'] : [];
  if (n === first && one.kind !== 'captions') lines.push('#EXT-X-MAP:URI="init.mp4"');
  if (epoch !== null && (n === first || seam)) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(Math.round(epoch + beginOf(one, n * PARTS) * 1_000)).toISOString()}`);
  return lines;
}

function partsOf(one: Rendition, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => {
    const part = from + i;
    const independent = one.kind !== 'video' || part % PARTS === 0;
    return `#EXT-X-PART:DURATION=${lengthOf(one, part, 1).toFixed(5)},URI="${partName(one, part)}"${independent ? ',INDEPENDENT=YES' : ''}`;
  });
}

function reportsOf(others: Sample, last: number): string[] {
  return others.map(({ name }) => `#EXT-X-RENDITION-REPORT:URI="../${name}/media.m3u8",LAST-MSN=${Math.floor(last / PARTS)},LAST-PART=${last % PARTS}`);
}

function partName(one: Rendition, part: number): string {
  return `${Math.floor(part / PARTS)}.${part % PARTS}.${extensionOf(one)}`;
}

function extensionOf(one: Rendition): string {
  return one.kind === 'captions' ? 'vtt' : 'm4s';
}
