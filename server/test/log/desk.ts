import { mock } from 'node:test';
import type { Item, Outcome } from '../../src/log/messages.ts';
import type { Batch, Reply } from '../../src/log/reply.ts';
import { createWriter, type Writer, type WriterOptions } from '../../src/log/writer.ts';
import { takeClock } from '../http/clock.ts';

/** One append under way: it ends when the test says so. */
export type Flight = {
  readonly batch: Batch;
  /** Texts by room, in the order they were sent. */
  readonly texts: Record<string, string[]>;
  /** Commits it, and says so unless told not to. */
  save(options?: { silent?: boolean; reply?: Reply | null }): Promise<void>;
  fail(code: string): Promise<void>;
};
export type Desk = {
  writer: Writer;
  /** Appends that have left and have no end yet, oldest first. */
  readonly flights: readonly Flight[];
  /** What was committed, by room, once however often it was sent. */
  readonly saved: Record<string, string[]>;
  say(room: string, text: string): Promise<Outcome>;
  /** Lets everything run that waits for nothing but its turn. */
  settle(): Promise<void>;
  /** Moves all clocks on. */
  pass(ms: number): Promise<void>;
  close(): void;
};

export function openDesk(options: WriterOptions = {}): Desk {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const clock = takeClock({ still: true });
  const flights: Flight[] = [];
  const saved: Record<string, string[]> = {};
  const writer = createWriter((batch) => {
    const ended = Promise.withResolvers<Reply | null>();
    const end = async (act: () => void): Promise<void> => {
      flights.splice(flights.indexOf(flight), 1);
      act();
      await settle();
    };
    const flight: Flight = {
      batch,
      texts: Object.fromEntries(batch.map(({ post, items }) => [post, items.map((item) => ('text' in item ? item.text : ''))])),
      save: ({ silent = false, reply } = {}) => end(() => {
        const told = commit(saved, batch);
        if (silent) ended.reject(Object.assign(new Error('cut'), { code: 'ECONNRESET' }));
        else ended.resolve(reply === undefined ? told : reply);
      }),
      fail: (code) => end(() => ended.reject(Object.assign(new Error(code), { code }))),
    };
    flights.push(flight);
    return ended.promise;
  }, options);

  async function settle(): Promise<void> {
    for (let i = 0; i < 6; i += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  return {
    writer,
    flights,
    saved,
    say: (room, text) => writer.append({ site: '', post: room }, say(text)),
    settle,
    async pass(ms) {
      clock.skip(ms);
      mock.timers.tick(ms);
      await settle();
    },
    close() {
      clock.restore();
      mock.timers.reset();
    },
  };
}

/** The oldest append under way. */
export function firstOf(desk: Desk): Flight {
  const flight = desk.flights[0];
  if (!flight) throw new Error('nothing is under way');
  return flight;
}

function say(text: string): Item {
  return { do: 'say', author: 'a'.repeat(16), cid: `cid of ${text}`, nick: 'n', avatar: 'fox', text };
}

/** As the append function does it: numbers without holes, once per cid. */
function commit(saved: Record<string, string[]>, batch: Batch): Reply {
  const reply: Reply = { rooms: [], outcomes: [] };
  for (const { site, post, items } of batch) {
    const room = (saved[post] ??= []);
    const from = room.length;
    for (const item of items) {
      const text = 'text' in item ? item.text : '';
      const dup = room.includes(text);
      if (!dup) room.push(text);
      const n = room.indexOf(text) + 1;
      reply.outcomes.push({ i: item.i, n, rev: n, ...(dup ? { dup: true as const } : {}) });
    }
    if (room.length > from) reply.rooms.push({ site, post, epoch: 'e', from, to: room.length, n: room.length, first: 1, rows: [] });
  }
  return reply;
}
