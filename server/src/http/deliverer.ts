import { createHmac } from 'node:crypto';
import type { Due, Webhook, Webhooks } from '../log/webhooks.ts';
import type { Courier } from '../stream/courier.ts';
import type { Decisions } from './decision.ts';
import { addressOf, type Taps, tell } from './told.ts';

export type Deliverer = {
  /** Looks for what is due, as it does every second by itself; resolves when what it took was tried. */
  look(): Promise<void>;
  /** Tells a receiver that it will be told, at once and once. */
  test(webhook: Webhook): ReturnType<Courier['bring']>;
  /** The key by which a receiver knows that it is us; the same on all servers, and nowhere kept. */
  keyOf(webhook: number): string;
  /** Ends when what is under way has. */
  close(): Promise<void>;
};
/** `home`: where readers find this server. */
type Deps = { webhooks: Webhooks; courier: Courier; decisions: Decisions; secret: string; home: () => string; report?: (error: unknown) => void; /** A test's; without it all servers go by the database's. */ clock?: () => number; random?: () => number };

const LOOK_EVERY_MS = 1_000;
/** Under way to one receiver: a slow one keeps nobody else waiting. */
const OF_EACH = 8;
/** Longer than any try takes: what a killed server held is taken by another then. */
const LEASE_MS = 15_000;
const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 3_600_000;
/** After so long it is not tried by itself any more. */
const GIVES_UP_AFTER_MS = 24 * 3_600_000;

/** Tells receivers what waits in the queue, as often as it takes: each at least once. */
export function createDeliverer({ webhooks, courier, decisions, secret, home, report = () => {}, clock, random = Math.random }: Deps): Deliverer {
  const busy = new Map<number, Promise<void>>();
  let looking: Promise<void> | null = null;
  let again = false;
  let closed = false;

  const now = clock ?? Date.now;
  const at = (): number | null => clock?.() ?? null;
  const keyOf = (webhook: number): string => createHmac('sha256', secret).update(`webhook\n${webhook}`).digest('base64url');

  async function take(): Promise<void> {
    const due = await webhooks.claim(at(), { leaseMs: LEASE_MS, ofEach: OF_EACH, busy: [...busy.keys()] });
    for (const [id, errands] of Map.groupBy(due, ({ webhook }) => webhook.id)) {
      busy.set(id, bringAll(id, errands));
    }
  }

  async function bringAll(id: number, errands: Due[]): Promise<void> {
    // What fails here is found again when its lease ends.
    await Promise.allSettled(errands.map(bring));
    busy.delete(id);
    if (errands.length === OF_EACH || errands[0]?.webhook.kind !== 'json') poke();
  }

  async function bring({ id, webhook, place, title, at: then, attempts, news }: Due): Promise<void> {
    // What was deleted meanwhile is told to nobody.
    if (news === null) return webhooks.told(id);
    const taps = news.event === 'held' ? tapsFor(news.held, webhook.id) : null;
    const answer = await send(webhook, String(id), news.event, tell(webhook, { id, at: then, place, title, news, home: home(), taps }));
    if ('status' in answer && answer.status >= 200 && answer.status < 300) return webhooks.told(id);
    // Chats say 404 of a channel that was deleted.
    const gone = 'status' in answer && (answer.status === 410 || (answer.status === 404 && webhook.kind !== 'json'));
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(20, attempts - 1)) * (0.8 + 0.4 * random());
    const asked = 'status' in answer ? Math.min(LONGEST_WAIT_MS, answer.retryAfterMs) : 0;
    await webhooks.failed(id, 'status' in answer ? `status_${answer.status}` : answer.error, at(), { waitMs: Math.max(wait, asked), givesUpAfterMs: GIVES_UP_AFTER_MS });
    if (gone) await webhooks.off(webhook.id);
  }

  function tapsFor({ id, at: since }: { id: number; at: number }, webhook: number): Taps {
    const link = (decides: 'approve' | 'refuse'): string => `${home()}/admin#held=${decisions.issue({ held: id, since, webhook, decides }, now())}`;
    return { approve: link('approve'), refuse: link('refuse') };
  }

  function send(webhook: Pick<Webhook, 'id' | 'url' | 'kind'>, delivery: string, event: string, body: string): ReturnType<Courier['bring']> {
    const second = Math.floor(now() / 1_000);
    const sign = createHmac('sha256', keyOf(webhook.id)).update(`${second}.${body}`).digest('hex');
    return courier.bring(addressOf(webhook), { 'aside-event': event, 'aside-delivery': delivery, 'aside-signature': `t=${second},v1=${sign}` }, body);
  }

  function poke(): void {
    again = true;
    if (looking || closed) return;
    again = false;
    looking = take().catch(report).then(() => {
      looking = null;
      if (again) poke();
    });
  }
  const timer = setInterval(poke, LOOK_EVERY_MS);

  return {
    keyOf,
    async look() {
      await looking;
      await take();
      await Promise.all(busy.values());
    },
    test: (webhook) => send(webhook, 'test', 'test', tell(webhook, { id: 0, at: now(), place: { site: webhook.site ?? '', post: webhook.room ?? '' }, title: null, news: { event: 'test' }, home: home(), taps: null })),
    async close() {
      closed = true;
      clearInterval(timer);
      await looking;
      await Promise.all(busy.values());
    },
  };
}
