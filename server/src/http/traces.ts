import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span, SpanContext } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import type { Bus } from '../bus/bus.ts';
import type { Item, Log } from '../log/messages.ts';
import { type Hint, keyOf, type Place } from '../protocol/index.ts';
import type { Act } from '../room/act.ts';
import type { Rooms } from '../room/rooms.ts';
import type { Talk } from '../room/talk.ts';
import { openTracer, type TracerOptions } from './tracer.ts';

/**
 * What becomes of one change, as spans: `receive` → `screen`, `append` (→ `database`), `publish` → `fan-out`, and on
 * other servers `publish` → `hear` → `fan-out`. Each stands around a part that `app.ts` wires: without an endpoint none
 * of this is there, and the parts are called as they are. No span holds words, names, ids, addresses or rooms.
 */
export type Traces = {
  /** What log lines carry that are written for a request or a change. */
  ids(): { trace_id?: string; span_id?: string };
  act: Act;
  talk(talk: Talk): Talk;
  log(log: Log): Log;
  /** Around one call of the database for all of these. */
  call<T>(items: readonly Item[], call: () => Promise<T>): Promise<T>;
  bus(bus: Bus): Bus;
  /** In place of `rooms.hear`. */
  hear(rooms: Pick<Rooms, 'hear' | 'find'>, hint: Hint): void;
  /** A pass of a room wrote up to this number to so many. */
  passed(place: Place, to: number, readers: number): void;
  requests(http: FastifyInstance): void;
  close(): Promise<void>;
};

/** Of one commit, so many of those who are traced tell other servers. */
const TOLD_MAX = 16;
/** What is never published, or never passed on, is forgotten by what comes after. */
const WAITING_MAX = 1_000;
const PARENT = /^00-([\da-f]{32})-([\da-f]{16})-01$/;
/** On an item: the writer copies items, and what stands under a symbol goes along and into no JSON. */
const APPENDING = Symbol('append');
type Waiting = { key: string; rev: number; span: Span };
type Traced = { [APPENDING]?: Span };

/** `share`: which part of what begins here is traced. Who asks for it from outside is not heard. */
export async function openTraces(options: TracerOptions & { share: number; act: Act }): Promise<Traces> {
  const tracer = await openTracer(options);
  const current = new AsyncLocalStorage<Span>();
  /** Saved, and told by the publishing of their batch, which is another's. */
  const saved = new Set<Waiting>();
  const fanning = new Set<Waiting>();
  let publishing = false;

  async function within<T>(name: string, work: () => Promise<T>, tell: (done: T) => string): Promise<T> {
    const parent = current.getStore();
    if (!parent) return work();
    const span = tracer.start(name, 'INTERNAL', parent);
    try {
      const done = await work();
      span.setAttribute('aside.outcome', tell(done));
      return done;
    } finally {
      span.end();
    }
  }

  /** Those whose changes a commit holds. */
  function take({ place, from, rev }: Hint): Span[] {
    const key = keyOf(place);
    const taken = [...saved].filter((one) => one.key === key && one.rev > from && one.rev <= rev);
    for (const one of taken) saved.delete(one);
    return taken.map(({ span }) => span);
  }

  function fanOut(key: string, rev: number, parent: Span | SpanContext): void {
    wait(fanning, { key, rev, span: tracer.start('fan-out', 'INTERNAL', parent) })?.span.end();
  }

  return {
    ids() {
      const context = current.getStore()?.spanContext();
      return context ? { trace_id: context.traceId, span_id: context.spanId } : {};
    },
    async act(deps, actor, place, change) {
      if (Math.random() >= options.share) return options.act(deps, actor, place, change);
      const span = tracer.start('receive', 'SERVER', null, { 'aside.change': change.t });
      try {
        const answer = await current.run(span, () => options.act(deps, actor, place, change));
        span.setAttributes({ 'aside.answer': answer.t, ...(answer.t === 'no' && { 'aside.refusal': answer.code }) });
        return answer;
      } finally {
        for (const one of saved) if (one.span === span) saved.delete(one);
        span.end();
      }
    },
    talk: (talk) => ({ ...talk, judge: (...asked) => within('screen', () => talk.judge(...asked), ({ is }) => is) }),
    log: (log) => ({
      ...log,
      async append(place, item) {
        const span = current.getStore();
        if (!span) return log.append(place, item);
        const appending = tracer.start('append', 'INTERNAL', span);
        const outcome = await log.append(place, Object.assign(item, { [APPENDING]: appending }));
        appending.setAttribute('aside.outcome', outcome.is).end();
        if (outcome.is === 'saved' && !outcome.dup) wait(saved, { key: keyOf(place), rev: outcome.rev, span });
        return outcome;
      },
    }),
    async call(items, call) {
      const spans = items.flatMap(({ [APPENDING]: span }: Item & Traced) => (span ? [tracer.start('database', 'CLIENT', span, { 'db.system.name': 'postgresql', 'db.operation.name': 'append', 'db.operation.batch.size': items.length })] : []));
      try {
        return await call();
      } finally {
        for (const span of spans) span.end();
      }
    },
    bus: (bus) => Object.assign(Object.create(bus) as Bus, {
      publish(hint: Hint) {
        const spans = take(hint).map((parent) => tracer.start('publish', 'PRODUCER', parent));
        if (spans.length > 0) hint.traces = spans.slice(0, TOLD_MAX).map(write);
        publishing = true;
        try {
          bus.publish(hint);
        } finally {
          publishing = false;
          for (const span of spans) span.end();
        }
      },
    }),
    hear(rooms, hint) {
      const room = hint.traces && rooms.find(hint.place);
      if (!hint.traces || !room || room.tail.head.rev >= hint.rev) return rooms.hear(hint);
      // What comes over a network may be anybody's.
      const parents = [hint.traces].flat().slice(0, TOLD_MAX).flatMap(read);
      const heard = publishing ? [] : parents.map((parent) => tracer.start('hear', 'CONSUMER', parent));
      for (const parent of publishing ? parents : heard) fanOut(keyOf(hint.place), hint.rev, parent);
      rooms.hear(hint);
      for (const span of heard) span.end();
    },
    passed(place, to, readers) {
      if (fanning.size === 0) return;
      const key = keyOf(place);
      for (const one of fanning) {
        if (one.key !== key || one.rev > to) continue;
        one.span.setAttribute('aside.readers', readers).end();
        fanning.delete(one);
      }
    },
    requests(http) {
      http.addHook('onRequest', (request, reply, done) => {
        // A socket would be one request for as long as it lives.
        if (request.ws || Math.random() >= options.share) return done();
        const route = request.routeOptions.url ?? '';
        const span = tracer.start(`${request.method} ${route}`.trim(), 'SERVER', null, { 'http.request.method': request.method, 'http.route': route });
        reply.raw.once('close', () => span.setAttribute('http.response.status_code', reply.raw.statusCode).end());
        current.run(span, done);
      });
    },
    close: () => tracer.close(),
  };
}

/** Returns the oldest where there are too many. */
function wait(all: Set<Waiting>, one: Waiting): Waiting | null {
  all.add(one);
  const [oldest] = all;
  if (!oldest || all.size <= WAITING_MAX) return null;
  all.delete(oldest);
  return oldest;
}

/** As W3C's Trace Context has it. */
function write(span: Span): string {
  const { traceId, spanId } = span.spanContext();
  return `00-${traceId}-${spanId}-01`;
}

function read(text: unknown): SpanContext[] {
  const [, traceId, spanId] = PARENT.exec(String(text)) ?? [];
  return traceId && spanId ? [{ traceId, spanId, traceFlags: 1, isRemote: true }] : [];
}
