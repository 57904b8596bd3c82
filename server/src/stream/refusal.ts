/** Why a stream cannot be shown. Closed: whoever shows one has a sentence for each. */
export type StreamCode =
  | 'bad_url'
  | 'bad_port'
  | 'private_address'
  | 'unreachable'
  | 'too_slow'
  | 'too_large'
  | 'too_many_redirects'
  | 'not_found'
  | 'origin_failed'
  | 'not_a_playlist'
  | 'bad_playlist'
  | 'too_deep'
  | 'drm_unsupported'
  | 'given_up';

/** What a blog's author is told; none of them names an address, for a stranger may be reading. */
export const streamSentences: Record<StreamCode, string> = {
  bad_url: 'This is not a web address that starts with http:// or https://.',
  bad_port: 'Streams are only fetched from the usual ports, 80 and 443, unless whoever runs this server lists another.',
  private_address: 'This address belongs to a private network, and streams are only fetched from the public internet.',
  unreachable: 'The server of this stream cannot be reached at the moment.',
  too_slow: 'The server of this stream took too long to answer.',
  too_large: 'The server of this stream sent more than is taken at once.',
  too_many_redirects: 'This address leads from one place to the next too many times.',
  not_found: 'The server of this stream says that there is nothing at this address, or that it may not be read.',
  origin_failed: 'The server of this stream answered with an error of its own.',
  not_a_playlist: 'There is something at this address, but it is not an HLS playlist (.m3u8).',
  bad_playlist: 'The playlist of this stream is damaged and cannot be read.',
  too_deep: 'The playlists of this stream point to each other too many times.',
  drm_unsupported: 'This stream is protected by DRM, which cannot be played here.',
  given_up: 'Nobody waited for this stream any longer.',
};

/** The code is for whoever decides, the cause for whoever searches a log; the sentence is all that may be shown. */
export class StreamError extends Error {
  readonly code: StreamCode;

  constructor(code: StreamCode, cause?: unknown) {
    super(streamSentences[code], { cause });
    this.name = 'StreamError';
    this.code = code;
  }
}
