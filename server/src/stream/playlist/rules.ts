import { StreamError } from '../refusal.ts';
import type { Attribute } from './attributes.ts';

/** A player makes room for each of them at once (hls.js 1.7): four thousand million would be the end of a tab. */
const SKIPPED_MAX = 50_000;
/** Of an IV, after its 0x: 128 bits. */
const IV_DIGITS = 32;

/** What one attribute of a tag asks of the others. False when nothing of the tag is to pass. */
export function makesSense(name: string, attributes: readonly Attribute[]): boolean {
  const told = new Map(attributes.map((attribute) => [attribute.name, attribute.value]));
  switch (name) {
    case '#EXT-X-KEY':
      demandOpenKey(told, true);
      return true;
    case '#EXT-X-SESSION-KEY':
      demandOpenKey(told, false);
      return true;
    case '#EXT-X-MEDIA':
      demand(told.get('TYPE') !== 'CLOSED-CAPTIONS' || (!told.has('URI') && told.has('INSTREAM-ID')));
      demand(told.get('TYPE') !== 'SUBTITLES' || told.has('URI'));
      return true;
    case '#EXT-X-SESSION-DATA':
      demand(told.has('VALUE') !== told.has('URI'));
      return true;
    case '#EXT-X-SKIP':
      demand(Number(told.get('SKIPPED-SEGMENTS')) <= SKIPPED_MAX);
      return true;
    case '#EXT-X-DEFINE':
      return false;
    case '#EXT-X-PRELOAD-HINT':
      return told.get('TYPE') === 'PART' || told.get('TYPE') === 'MAP';
    default:
      return true;
  }
}

/** A key that is a file of sixteen bytes can be fetched; one that a licence server hands to a device cannot. */
function demandOpenKey(told: ReadonlyMap<string, string>, mayEnd: boolean): void {
  const method = told.get('METHOD');
  if (method === 'NONE') return demand(mayEnd && told.size === 1);
  if ((told.get('KEYFORMAT') ?? 'identity') !== 'identity' || (method !== 'AES-128' && method !== 'SAMPLE-AES')) throw new StreamError('drm_unsupported');
  demand(told.has('URI') && (told.get('IV')?.length ?? 0) <= 2 + IV_DIGITS);
}

function demand(held: boolean): void {
  if (!held) throw new StreamError('bad_playlist', 'attributes at odds');
}
