/** Every bound both sides keep, the unit in its name. */
export const PROTOCOL_VERSION = 1;

export const FRAME_IN_MAX_BYTES = 16 * 1024;
export const FRAME_OUT_MAX_BYTES = 64 * 1024;
export const FRAME_MAX_DEPTH = 4;

export const TEXT_MAX_GRAPHEMES = 2_000;
export const TEXT_MAX_BYTES = 8 * 1024;
export const NICK_MIN_GRAPHEMES = 2;
export const NICK_MAX_GRAPHEMES = 15;
export const NICK_MAX_CODE_POINTS = 30;
export const NICK_MAX_BYTES = 90;
export const POST_ID_MAX_CHARS = 255;
export const SITE_MAX_CHARS = 64;
export const TITLE_MAX_CHARS = 200;
export const REASON_MAX_CHARS = 200;
/** The longest that somebody is kept from speaking without being kept from it for good. */
export const BAN_MAX_S = 365 * 86_400;
export const MUTE_MAX_S = 86_400;
export const SLOW_MAX_S = 3_600;
export const QUIET_MAX_DAYS = 3_650;
export const STAMP_MAX_CHARS = 128;
/** The longest host name with its scheme and port. */
export const ORIGIN_MAX_CHARS = 267;
/** How long an invitation is good, and a code that lets a frame in. */
export const INVITATION_S = 86_400;
export const PAIRING_S = 300;
/** Without 0, 1, I and O. */
export const PAIRING_CODE = /^[A-HJ-NP-Z2-9]{6}$/;
export const EMOJI_MAX_BYTES = 64;
export const EMOJI_MAX_KINDS = 30;

export const PAGE_ROWS = 50;
export const PAGE_BYTES = 64 * 1024;
export const COUNTS_MAX_IDS = 100;
export const HEAT_MAX_BUCKETS = 200;
export const RESUME_ROWS = 500;
export const RESUME_BYTES = 256 * 1024;

export const HELLO_WITHIN_MS = 10_000;
export const BEAT_EVERY_MS = 25_000;
export const SILENT_CLIENT_MS = 35_000;
/** A client that hears nothing for a time drawn from this range reconnects. */
export const SILENT_SERVER_MS: readonly [number, number] = [35_000, 45_000];
export const OLD_TELL_S = 10;
export const OLD_WARN_S = 30;

export const SINCE_EVERY_MS = 1_000;
export const PAIR_EVERY_MS = 1_000;
export const TICKET_EVERY_MS = 1_000;
export const TYPING_EVERY_MS = 3_000;
export const WHO_EVERY_MS = 5_000;
export const WHO_MAX_NAMES = 100;
export const OUTBOX_RETRY_FOR_MS = 24 * 3_600_000;
