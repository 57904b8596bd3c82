import type { Plain, Type } from './values.ts';

/** The tags of draft-pantos-hls-rfc8216bis-18, 4.4. */
export type Tag = {
  /** A playlist with a tag of either kind has none of the other. */
  scope: 'both' | 'media' | 'master';
  /** Said of the whole playlist: twice would be once too often. */
  once?: true;
  value: Plain | List;
};
export type List = { required: readonly string[]; types: Readonly<Record<string, Type>> };

const key: List = { required: ['METHOD'], types: { METHOD: 'enumerated', URI: 'to key', IV: 'hex', KEYFORMAT: 'words', KEYFORMATVERSIONS: 'words' } };
const picture: List['types'] = {
  BANDWIDTH: 'integer', 'AVERAGE-BANDWIDTH': 'integer', SCORE: 'decimal', CODECS: 'words', 'SUPPLEMENTAL-CODECS': 'words', RESOLUTION: 'resolution',
  'HDCP-LEVEL': 'enumerated', 'ALLOWED-CPC': 'token', 'VIDEO-RANGE': 'enumerated', 'REQ-VIDEO-LAYOUT': 'words', 'STABLE-VARIANT-ID': 'token', VIDEO: 'words', 'PATHWAY-ID': 'token',
};
const media = (value: Tag['value']): Tag => ({ scope: 'media', value });
const mediaOnce = (value: Tag['value']): Tag => ({ scope: 'media', once: true, value });
const master = (required: readonly string[], types: List['types']): Tag => ({ scope: 'master', value: { required, types } });

export const tags: ReadonlyMap<string, Tag> = new Map<string, Tag>([
  ['#EXTM3U', { scope: 'both', once: true, value: 'nothing' }],
  ['#EXT-X-VERSION', { scope: 'both', once: true, value: 'integer' }],
  ['#EXT-X-INDEPENDENT-SEGMENTS', { scope: 'both', once: true, value: 'nothing' }],
  ['#EXT-X-START', { scope: 'both', once: true, value: { required: ['TIME-OFFSET'], types: { 'TIME-OFFSET': 'signed', PRECISE: 'answer' } } }],
  ['#EXT-X-DEFINE', { scope: 'both', value: { required: [], types: {} } }],

  ['#EXT-X-TARGETDURATION', mediaOnce('integer')],
  ['#EXT-X-MEDIA-SEQUENCE', mediaOnce('integer')],
  ['#EXT-X-DISCONTINUITY-SEQUENCE', mediaOnce('integer')],
  ['#EXT-X-ENDLIST', mediaOnce('nothing')],
  ['#EXT-X-PLAYLIST-TYPE', mediaOnce('lasting')],
  ['#EXT-X-I-FRAMES-ONLY', mediaOnce('nothing')],
  ['#EXT-X-PART-INF', mediaOnce({ required: ['PART-TARGET'], types: { 'PART-TARGET': 'decimal' } })],
  ['#EXT-X-SERVER-CONTROL', mediaOnce({ required: [], types: { 'CAN-SKIP-UNTIL': 'decimal', 'CAN-SKIP-DATERANGES': 'answer', 'HOLD-BACK': 'decimal', 'PART-HOLD-BACK': 'decimal', 'CAN-BLOCK-RELOAD': 'answer' } })],
  ['#EXT-X-SKIP', mediaOnce({ required: ['SKIPPED-SEGMENTS'], types: { 'SKIPPED-SEGMENTS': 'integer', 'RECENTLY-REMOVED-DATERANGES': 'words' } })],

  ['#EXTINF', media('duration')],
  ['#EXT-X-BYTERANGE', media('range')],
  ['#EXT-X-DISCONTINUITY', media('nothing')],
  ['#EXT-X-KEY', media(key)],
  ['#EXT-X-MAP', media({ required: ['URI'], types: { URI: 'to map', BYTERANGE: 'range' } })],
  ['#EXT-X-PROGRAM-DATE-TIME', media('date')],
  ['#EXT-X-GAP', media('nothing')],
  ['#EXT-X-BITRATE', media('integer')],
  ['#EXT-X-PART', media({ required: ['URI', 'DURATION'], types: { URI: 'to part', DURATION: 'decimal', INDEPENDENT: 'answer', BYTERANGE: 'range', GAP: 'answer' } })],
  ['#EXT-X-PRELOAD-HINT', media({ required: ['TYPE', 'URI'], types: { TYPE: 'enumerated', URI: 'to part', 'BYTERANGE-START': 'integer', 'BYTERANGE-LENGTH': 'integer' } })],
  ['#EXT-X-RENDITION-REPORT', media({ required: ['URI'], types: { URI: 'to playlist', 'LAST-MSN': 'integer', 'LAST-PART': 'integer' } })],
  ['#EXT-X-DATERANGE', media({
    required: ['ID'],
    types: {
      ID: 'words', CLASS: 'words', 'START-DATE': 'date', CUE: 'words', 'END-DATE': 'date', DURATION: 'decimal', 'PLANNED-DURATION': 'decimal', 'END-ON-NEXT': 'answer',
      'SCTE35-CMD': 'hex', 'SCTE35-OUT': 'hex', 'SCTE35-IN': 'hex', 'X-ASSET-URI': 'to playlist', 'X-ASSET-LIST': 'to data',
    },
  })],

  ['#EXT-X-MEDIA', master(['TYPE', 'GROUP-ID', 'NAME'], {
    TYPE: 'enumerated', URI: 'to playlist', 'GROUP-ID': 'words', LANGUAGE: 'words', 'ASSOC-LANGUAGE': 'words', NAME: 'words', 'STABLE-RENDITION-ID': 'token', DEFAULT: 'answer', AUTOSELECT: 'answer', FORCED: 'answer',
    'INSTREAM-ID': 'words', 'BIT-DEPTH': 'integer', 'SAMPLE-RATE': 'integer', CHARACTERISTICS: 'words', CHANNELS: 'words',
  })],
  ['#EXT-X-STREAM-INF', master(['BANDWIDTH'], { ...picture, 'FRAME-RATE': 'decimal', AUDIO: 'words', SUBTITLES: 'words', 'CLOSED-CAPTIONS': 'captions' })],
  ['#EXT-X-I-FRAME-STREAM-INF', master(['BANDWIDTH', 'URI'], { ...picture, URI: 'to playlist' })],
  ['#EXT-X-SESSION-DATA', master(['DATA-ID'], { 'DATA-ID': 'words', VALUE: 'words', URI: 'to data', FORMAT: 'enumerated', LANGUAGE: 'words' })],
  ['#EXT-X-SESSION-KEY', { scope: 'master', value: key }],
  ['#EXT-X-CONTENT-STEERING', { scope: 'master', once: true, value: { required: ['SERVER-URI'], types: { 'SERVER-URI': 'to data', 'PATHWAY-ID': 'token' } } }],
]);
