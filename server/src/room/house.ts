import type { CloseCode, RefusalCode } from '../protocol/index.ts';
import type { Act, ActDeps } from './act.ts';
import type { Allowance } from './allowance.ts';
import type { Doorkeeper } from './doorkeeper.ts';
import type { Identity } from './identity.ts';
import type { Positions } from './position.ts';
import type { Pulse } from './pulse.ts';
import type { Encode } from './room.ts';
import type { Rooms } from './rooms.ts';
import type { Seats } from './seats.ts';
import type { Shield } from './shield.ts';
import type { Tickets } from './ticket.ts';
import type { Typing } from './typing.ts';

/** Everything a session needs of the node it lives on. */
export type House = ActDeps & {
  rooms: Rooms;
  positions: Positions;
  identity: Identity;
  tickets: Tickets;
  allowance: Allowance;
  seats: Seats;
  pulse: Pulse;
  typing: Typing;
  moderators: Doorkeeper;
  shield: Pick<Shield, 'joined'>;
  encode: Encode;
  now: () => number;
  meter: Meter;
  act: Act;
};

export type Meter = { refused(code: RefusalCode): void; resumed(kind: 'resumed' | 'fresh' | 'reset'): void; cut(reason: string): void };

/** A reader's connection, as the domain sees it. */
export type Line = {
  write(bytes: Uint8Array): void;
  /** The socket holds bytes that the reader did not take yet. */
  readonly full: boolean;
  /** It takes bytes that were compressed for all. */
  readonly deflates: boolean;
  /** Bytes the reader took so far. */
  readonly taken: number;
  /** Bytes the reader has still to take. */
  readonly unsent: number;
  end(code: CloseCode, reason: string): void;
  /** At once: a close frame would wait behind what the reader does not take. */
  cut(): void;
};
