import { createServer } from 'node:http';
import rateLimit from '@fastify/rate-limit';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { pino } from 'pino';
import { createMemoryBus } from './bus/memory.ts';
import type { Config } from './config.ts';
import { addApi } from './http/api.ts';
import { createAttached } from './http/attached.ts';
import { addBadge } from './http/badge.ts';
import { addCard } from './http/card.ts';
import { addCompression } from './http/compress.ts';
import { addCounts, createCounts } from './http/counts.ts';
import { encodeFrame } from './http/frame.ts';
import { addHeaders } from './http/headers.ts';
import { addHeat } from './http/heat.ts';
import { addHealth } from './http/health.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import { addOembed } from './http/oembed.ts';
import { addressKey } from './http/origin.ts';
import { addPage } from './http/page.ts';
import { addProblems, refuseAddress, refuseBytes, reportError } from './http/problem.ts';
import { createRasteriser } from './http/rasteriser.ts';
import { addStreamApi, addStreams } from './http/stream.ts';
import { createWatch } from './http/watch.ts';
import { addSockets, answerError, guardUpgrades } from './http/socket.ts';
import { openLog } from './log/messages.ts';
import { migrate } from './log/migrate.ts';
import { openSql } from './log/sql.ts';
import { FRAME_IN_MAX_BYTES, type Place } from './protocol/index.ts';
import { createAllowance } from './room/allowance.ts';
import { createIdentity } from './room/identity.ts';
import { createPace } from './room/pace.ts';
import { createPositions, readPage } from './room/position.ts';
import { createPulse } from './room/pulse.ts';
import { createRooms } from './room/rooms.ts';
import { createSeats } from './room/seats.ts';
import type { House } from './room/house.ts';
import { Session } from './room/session.ts';
import { tellPresence } from './room/presence.ts';
import { createTyping } from './room/typing.ts';
import { createGuard } from './stream/guard.ts';
import { openOrigin } from './stream/origin.ts';
import { openProxy } from './stream/proxy.ts';
import { createSeal } from './stream/seal.ts';

export type App = { http: FastifyInstance; metrics: Metrics };

const COMPARE_ALONE_MS = 2_000;
const COMPARE_MS = 15_000;
const REQUEST_MS = 15_000;
/** Longer than proxies before us keep theirs: whoever closes first loses what is on its way. */
const KEEP_ALIVE_MS = 72_000;
const REACTIONS_EVERY_MS = 1_000;

/** ws's own defaults would let a stranger pin memory by fragments. */
const SOCKET_LIMITS = { maxPayload: FRAME_IN_MAX_BYTES, maxFragments: 16, maxBufferedChunks: 64, perMessageDeflate: false, closeTimeout: 5_000, clientTracking: false };

/** Wires everything, top to bottom. Listens nowhere. `http.close()` sends readers elsewhere first. */
export async function createApp(config: Config): Promise<App> {
  await prepareDatabase(config.DATABASE_URL);
  const now = (): number => performance.now();
  const metrics = createMetrics(() => sockets.size);

  const log = openLog(config.DATABASE_URL, { onAppend: metrics.appended, onDoubt: (places) => { metrics.doubted(); void rooms.compare(places).catch(later); } });
  const rooms = createRooms({ log, now, encode: encodeFrame, delivered: metrics.delivered, onEpoch: (room) => { for (const one of room.members) if (one instanceof Session) void one.startOver(); } });
  const bus = createMemoryBus(rooms.hear);
  const positions = createPositions(log);
  const house: House = {
    log, bus, rooms, positions, now, encode: encodeFrame, meter: metrics.meter,
    reactionPace: createPace(REACTIONS_EVERY_MS),
    identity: createIdentity(config.IDENTITY_SECRET),
    allowance: createAllowance({
      roomMessagesPerS: config.ROOM_MESSAGES_PER_S, roomBytesPerS: config.ROOM_BYTES_PER_S, senderMessagesPerS: config.SENDER_MESSAGES_PER_S,
      framesPerMinute: config.FRAMES_PER_MINUTE,
    }, now),
    seats: createSeats(),
    pulse: createPulse(now),
    typing: createTyping(now),
  };

  const seal = createSeal(config.IDENTITY_SECRET, Date.now);
  const origin = openOrigin(createGuard(config.STREAM_ALLOW));
  const proxy = openProxy({ origin, seal, storeBytes: config.STREAM_CACHE_MB * 1_000_000, now: Date.now });
  const attached = createAttached(log);
  const logger = createLogger(config);
  const watch = createWatch({ attached, proxy, seal, report: (err) => logger.error({ err }, 'request failed') });

  const http = Fastify({
    loggerInstance: logger,
    serverFactory: (handle) => createServer({ requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => watch(request, response) || handle(request, response)),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.TRUST_PROXY_HOPS > 0 ? (_, hop) => hop < config.TRUST_PROXY_HOPS : false,
    bodyLimit: 64 * 1024,
    routerOptions: { maxParamLength: 255 * 12 },
    forceCloseConnections: true,
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseBytes,
  });
  addProblems(http);
  // Before anything sees the request: a host page can make a frame that would ride on a cookie.
  http.addHook('onRequest', async (request) => { delete request.headers.cookie; delete request.raw.headers.cookie; });
  await addHeaders(http, { frameAncestors: config.FRAME_ANCESTORS, https: config.PUBLIC_URL.startsWith('https:') });
  let ready = false;
  let sockets = { size: 0, drain: async (_: number) => {} };
  await http.register(websocket, {
    options: SOCKET_LIMITS,
    errorHandler: answerError,
    preClose: (done) => done(),
  });
  guardUpgrades(http);
  await http.register(async (scope) => {
    sockets = addSockets(scope, house, { publicUrl: config.PUBLIC_URL, perAddress: config.CONNECTIONS_PER_ADDRESS, inAll: config.CONNECTIONS_MAX });
  });
  const positionOf = async (place: Place) => {
    const room = rooms.find(place);
    return room ? positions.newest(room) : readPage(log, place, Number.MAX_SAFE_INTEGER, undefined);
  };
  const counts = createCounts(log, now);
  http.addHook('onClose', () => origin.close());
  const streams = { log, bus, proxy, attached, adminToken: config.ADMIN_TOKEN };
  await http.register(async (scope) => {
    await scope.register(rateLimit, {
      max: config.REQUESTS_PER_MINUTE,
      timeWindow: '1 minute',
      keyGenerator: (request) => addressKey(request.ip),
      allowList: (request) => request.url.startsWith('/assets/'),
    });
    addCompression(scope);
    addApi(scope, log, positionOf);
    addCounts(scope, counts);
    addHeat(scope, log, now);
    addStreamApi(scope, streams);
    addStreams(scope, streams);
    const crowdOf = async (place: Place) => ({ here: rooms.find(place)?.presence.count ?? 0, said: (await counts.of(place.site, [place.post]))[place.post] ?? 0 });
    addBadge(scope, crowdOf);
    const rasteriser = createRasteriser();
    scope.addHook('onClose', () => rasteriser.close());
    await addCard(scope, positionOf, crowdOf, rasteriser);
    addOembed(scope, positionOf, config.PUBLIC_URL);
    await addPage(scope, positionOf, config.PUBLIC_URL);
  });
  addHealth(http, () => ready);

  let comparing = false;
  const compare = setInterval(() => {
    if (comparing) return;
    comparing = true;
    void rooms.compare().catch(later).finally(() => { comparing = false; });
  }, bus.hears ? COMPARE_MS : COMPARE_ALONE_MS);
  const presence = setInterval(() => tellPresence(rooms.open, now()), 1_000);

  http.addHook('onListen', async () => { ready = true; });
  http.addHook('preClose', async () => {
    ready = false;
    await sockets.drain(config.DRAIN_SECONDS);
    clearInterval(compare);
    clearInterval(presence);
    house.reactionPace.close();
    await log.close();
    house.pulse.close();
    house.typing.close();
    rooms.close();
    await bus.close();
    metrics.close();
  });
  return { http, metrics };
}

/** No words, names, addresses or secrets: a request is never logged, and an error only as far as it is ours. */
function createLogger({ LOG_LEVEL }: Config): FastifyBaseLogger {
  return pino({ level: LOG_LEVEL, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"`, serializers: { req: () => ({}), err: reportError } });
}

/** What failed is found again by the next comparison. */
function later(): void {}

async function prepareDatabase(url: string): Promise<void> {
  const sql = openSql(url, { max: 1 });
  try {
    await migrate(sql);
  } finally {
    await sql.end({ timeout: 2 });
  }
}
