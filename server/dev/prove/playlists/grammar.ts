import type { Random } from '../../../test/faults/random.ts';

/** Playlists by the draft's grammar, with everything in them that an origin may write and a player must not see. */
export function writePlaylist(random: Random): string {
  const { between, chance, pick } = random;
  const some = (most: number, make: () => string): string[] => Array.from({ length: between(0, most) }, make);
  const lines: string[] = ['#EXTM3U'];
  const names: string[] = [];

  const reference = (): string => (names.length > 0 && chance(0.15) ? `{$${pick(names)}}` : '');
  const word = (): string => (chance(0.25) ? pick(WORDS) : random.token(between(1, 12))) + reference();
  const text = (): string => Array.from({ length: between(1, 3) }, word).join(pick([' ', ', ', '', '/']));
  const uri = (): string => (chance(0.003) ? pick(HOSTILE) : chance(0.3) ? pick(ADDRESSES) : `${pick(['', 'a/', '../', '/', 'https://cdn.example/', 'http://b.example:8080/', '//c.example/'])}${random.token(between(1, 20))}${pick(['.ts', '.m4s', '.m3u8', ''])}`) + reference();
  const integer = (): string => (chance(0.02) ? '18446744073709551615' : `${between(0, 9_999)}`);
  const decimal = (): string => (chance(0.3) ? `${between(0, 20)}` : `${between(0, 20)}.${between(0, 99_999)}`);
  const answer = (): string => pick(['YES', 'NO']);
  const range = (): string => `${integer()}${chance(0.5) ? `@${integer()}` : ''}`;
  const hex = (): string => `0${pick(['x', 'X'])}${Array.from({ length: between(1, 32) }, () => pick([...'0123456789abcdefABCDEF'])).join('')}`;
  const date = (): string => `${between(1970, 2030)}-0${between(1, 9)}-${between(10, 28)}T${between(10, 23)}:${between(10, 59)}:${between(10, 59)}${pick(['', '.5', '.123', '.123456'])}${pick(['Z', 'Z', '+09:00', '-0330', '+01', ''])}`;
  const stranger = (): string => (chance(0.5) ? `${pick(['X-A', 'X-MY-URI', 'X-ASSET-NEW', 'NEW', 'X-URL'])}="${text()}"` : `${pick(['X-B', 'PROGRAM-ID', 'X-C-URI'])}=${pick(['1', '1.5', 'a:b', '0xFF', 'https://evil.example', 'YES'])}`);
  /** Those with `?` come or do not; now and then one that nobody knows. */
  const list = (...pairs: string[]): string => random.shuffle([...pairs.flatMap((pair) => (pair.startsWith('?') ? (chance(0.5) ? [pair.slice(1)] : []) : [pair])), ...(chance(0.1) ? [stranger()] : [])]).join(pick([',', ',', ',', ', ']));
  const key = (name: string): string => `#EXT-X-${name}:${list(`METHOD=${pick(['AES-128', 'SAMPLE-AES'])}`, `URI="${pick(['', 'https://keys.example/'])}${random.token(8)}"`, `?IV=${hex()}`, '?KEYFORMAT="identity"', '?KEYFORMATVERSIONS="1/2"')}`;
  const noise = (): string => pick(['', `# ${text()} https://evil.example/`, `#EXT-X-NEW:${text()}`, `#EXT-X-NEW-${random.token(3).toUpperCase()}:A="${text()}"`, '#EXT-X-CUE-IN', `#EXT-X-PREFETCH:${uri()}`, '#EXT-OATCLS-SCTE35:/DAlAAAAAAAAAP//8AUF']);
  const define = (): string => {
    const name = `v${names.length}`;
    const before = names.at(-1);
    const value = before === undefined ? random.token(between(0, 8)) : `${pick(['', 'x'])}{$${before}}${chance(0.1) ? `{$${before}}` : ''}`;
    names.push(name);
    return `#EXT-X-DEFINE:NAME="${name}",VALUE="${value}"`;
  };

  function writeMaster(): void {
    const groups = Array.from({ length: between(1, 3) }, word);
    const picture = (): string[] => [`BANDWIDTH=${integer()}`, `?AVERAGE-BANDWIDTH=${integer()}`, `?CODECS="avc1.640029,mp4a.40.2"`, `?SUPPLEMENTAL-CODECS="dvh1.08.07/db4h"`, `?RESOLUTION=${between(1, 4_000)}x${between(1, 4_000)}`, '?VIDEO-RANGE=PQ', '?HDCP-LEVEL=TYPE-1', `?ALLOWED-CPC="com.example:${random.token(3)}"`, `?STABLE-VARIANT-ID="${word()}"`, `?PATHWAY-ID="${random.token(4)}"`, `?SCORE=${decimal()}`];
    lines.push(...some(4, () => `#EXT-X-MEDIA:${list(`TYPE=${pick(['AUDIO', 'VIDEO', 'SUBTITLES'])}`, `URI="${uri()}"`, `GROUP-ID="${pick(groups)}"`, `NAME="${text()}"`, '?LANGUAGE="ko"', `?DEFAULT=${answer()}`, `?CHANNELS="16/JOC"`, `?STABLE-RENDITION-ID="${word()}"`)}`));
    for (let i = between(0, 4); i >= 0; i -= 1) lines.push(`#EXT-X-STREAM-INF:${list(...picture(), `?FRAME-RATE=${decimal()}`, `?AUDIO="${pick(groups)}"`, '?CLOSED-CAPTIONS=NONE')}`, ...(chance(0.1) ? [''] : []), uri());
    lines.push(...some(2, () => `#EXT-X-I-FRAME-STREAM-INF:${list(...picture(), `URI="${uri()}"`)}`));
    lines.push(...some(2, () => `#EXT-X-SESSION-DATA:${list(`DATA-ID="${word()}"`, chance(0.5) ? `VALUE="${text()}"` : `URI="${uri()}"`)}`));
    if (chance(0.2)) lines.push(`#EXT-X-CONTENT-STEERING:${list(`SERVER-URI="${uri()}"`, `?PATHWAY-ID="${random.token(4)}"`)}`);
    if (chance(0.1)) lines.push(key('SESSION-KEY'));
  }

  function writeMedia(): void {
    lines.push(`#EXT-X-TARGETDURATION:${between(0, 20)}`);
    if (chance(0.5)) lines.push(`#EXT-X-MEDIA-SEQUENCE:${between(0, 99_999)}`);
    if (chance(0.2)) lines.push(`#EXT-X-DISCONTINUITY-SEQUENCE:${integer()}`);
    if (chance(0.3)) lines.push(`#EXT-X-SERVER-CONTROL:${list(`CAN-BLOCK-RELOAD=${answer()}`, `?HOLD-BACK=${decimal()}`)}`, `#EXT-X-PART-INF:PART-TARGET=${decimal()}`);
    if (chance(0.1)) lines.push(`#EXT-X-SKIP:${list(`SKIPPED-SEGMENTS=${between(0, 50)}`, `?RECENTLY-REMOVED-DATERANGES="${word()}\t${word()}"`)}`);
    if (chance(0.2)) lines.push(`#EXT-X-PLAYLIST-TYPE:${pick(['VOD', 'EVENT'])}`);
    const dated = chance(0.4);
    for (let i = between(0, 12); i > 0; i -= 1) {
      if (chance(0.15)) lines.push('#EXT-X-DISCONTINUITY');
      if (dated && chance(0.5)) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${date()}`);
      if (chance(0.1)) lines.push(`#EXT-X-MAP:${list(`URI="${uri()}"`, `?BYTERANGE="${range()}"`)}`);
      if (chance(0.1)) lines.push(chance(0.2) ? '#EXT-X-KEY:METHOD=NONE' : key('KEY'));
      if (chance(0.15)) lines.push(`#EXT-X-DATERANGE:${list(`ID="${word()}"`, `?CLASS="${word()}"`, `?START-DATE="${date()}"`, `?DURATION=${decimal()}`, `?SCTE35-OUT=${hex()}`, `?X-ASSET-URI="${uri()}"`, `?X-ASSET-LIST="${uri()}"`, `?X-RESTRICT="SKIP,JUMP"`)}`);
      lines.push(...some(chance(0.2) ? 3 : 0, () => `#EXT-X-PART:${list(`DURATION=${decimal()}`, `URI="${uri()}"`, `?INDEPENDENT=${answer()}`, `?BYTERANGE="${range()}"`)}`));
      if (chance(0.1)) lines.push(pick(['#EXT-X-GAP', `#EXT-X-BITRATE:${integer()}`, noise()]));
      lines.push(`#EXTINF:${decimal()}${chance(0.9) ? `,${chance(0.2) ? text() : ''}` : ''}`, ...(chance(0.1) ? [`#EXT-X-BYTERANGE:${range()}`] : []), uri());
    }
    if (chance(0.2)) lines.push(`#EXT-X-PART:DURATION=${decimal()},URI="${uri()}"`, `#EXT-X-PRELOAD-HINT:${list(`TYPE=${pick(['PART', 'MAP', 'NEW'])}`, `URI="${uri()}"`)}`, `#EXT-X-RENDITION-REPORT:${list(`URI="${uri()}"`, `?LAST-MSN=${integer()}`)}`);
    if (chance(0.2)) lines.push('#EXT-X-ENDLIST');
  }

  if (chance(0.5)) lines.push(`#EXT-X-VERSION:${between(1, 12)}`);
  if (chance(0.1)) lines.push(`#EXT-X-START:${list(`TIME-OFFSET=${pick(['', '-'])}${decimal()}`, `?PRECISE=${answer()}`)}`);
  for (let i = chance(0.3) ? between(1, chance(0.1) ? 40 : 4) : 0; i > 0; i -= 1) lines.push(define());
  lines.push(...some(1, noise));
  if (chance(0.35)) writeMaster();
  else writeMedia();
  return lines.join(chance(0.2) ? '\r\n' : '\n') + pick(['', '\n']);
}

export const WORDS: readonly string[] = ['https://evil.example/a', 'HTTP://EVIL.EXAMPLE', '//evil.example', 'a:b', 'mailto:x', '////', '#EXT-X-ENDLIST', '#EXTINF:1,', 'javascript:alert(1)', '한국어: 말', 'URI=x', "it's", '10:30', 'urn:scte:scte35', '<b>', '{$', '\t', 'a//b', ':', '::/', 'x.y+z-1:'];
/** Odd, but the web's own. */
export const ADDRESSES: readonly string[] = ['HTTPS:\\\\cdn.example\\a.ts', 'https:a.ts', 'a b.ts', '?only=query', '한글.ts', '..//../a', 'https://user:pass@cdn.example/x', 'https://cdn.example/a#EXT', 'https://cdn.example/%22%0A.ts', 'a,b;c=d', "a'b", 'http://[::1]/a', '/https://evil.example/', 'a:b/c'.replace('a:', './a:'), 'https://cdn.example/?u=https://evil.example'];
export const HOSTILE: readonly string[] = ['javascript:alert(1)', 'data:video/mp2t;base64,AAAA', 'skd://key', 'file:///etc/passwd', 'JAVASCRIPT:x', ' javascript:x', 'java\tscript:x', 'blob:https://a/b', 'ws://a', 'https://', 'http://a:99999/', 'about:blank', 'x:'];
