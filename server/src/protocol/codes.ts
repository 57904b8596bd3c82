/** Close codes: 4000–4499 mean come back and resume, 4500–4999 mean do not come back by yourself. */
export const CloseCode = {
  bye: 1000,
  goingAway: 1001,
  protocol: 1002,
  badText: 1007,
  tooBig: 1009,
  internal: 1011,
  restart: 1012,
  overloaded: 1013,
  helloTimeout: 4000,
  heartbeat: 4001,
  slowReader: 4002,
  position: 4003,
  maxAge: 4004,
  rateLimited: 4008,
  badRequest: 4500,
  version: 4501,
  banned: 4504,
  roomGone: 4505,
  tooMany: 4506,
  identity: 4507,
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** Whether a reader's own program must not dial again after this code. */
export function isFinal(code: number): boolean {
  return code >= 4500 && code <= 4999;
}

/** Why something was not done. `advice` says what helps: the same frame later, other words, or nothing. */
export const refusals = {
  bad_frame: 'stop',
  bad_version: 'stop',
  bad_room: 'stop',
  bad_site: 'stop',
  hello_first: 'stop',
  hello_twice: 'stop',
  identity: 'stop',
  nick_needed: 'fix',
  nick_invalid: 'fix',
  nick_lookalike: 'fix',
  avatar_invalid: 'fix',
  empty: 'fix',
  too_long: 'fix',
  bad_text: 'fix',
  bad_emoji: 'fix',
  bad_cid: 'stop',
  cid_conflict: 'stop',
  not_found: 'stop',
  forbidden: 'stop',
  rate: 'retry',
  room_busy: 'retry',
  overloaded: 'retry',
  store_down: 'retry',
  slow_mode: 'retry',
  muted: 'retry',
  duplicate: 'fix',
  flood: 'fix',
  bad_word: 'fix',
  no_links: 'fix',
  emoji_only: 'fix',
  unwanted: 'fix',
  stamp: 'fix',
  read_only: 'stop',
  closed: 'stop',
  banned: 'stop',
  room_gone: 'stop',
} as const satisfies Record<string, 'retry' | 'fix' | 'stop'>;
export type RefusalCode = keyof typeof refusals;
