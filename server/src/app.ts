import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import websocket from '@fastify/websocket';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { createHttp, createLogger, limitRate, openTrust, openViewing } from './app/base.ts';
import type { Bus, Deafness, Listener } from './bus/bus.ts';
import { createMemoryBus } from './bus/memory.ts';
import { createRedisBus } from './bus/redis.ts';
import { type Config, showSettings } from './config.ts';
import { createGate } from './http/admin.ts';
import { addActs } from './http/acts.ts';
import { addApi } from './http/api.ts';
import { addBadge } from './http/badge.ts';
import { addCard } from './http/card.ts';
import { addCompression } from './http/compress.ts';
import { addCounts, createCounts } from './http/counts.ts';
import { addDesk } from './http/desk.ts';
import { addDocs } from './http/docs/openapi.ts';
import { addExport } from './http/export.ts';
import { DEFLATE } from './http/deflate.ts';
import { openDirect } from './http/direct.ts';
import { addFeeds } from './http/feeds.ts';
import { encodeDeflated, encodeFrame } from './http/frame.ts';
import { addDoctor } from './http/doctor.ts';
import { createForward } from './http/envelope.ts';
import { addErrors, noteError, readFault } from './http/errors.ts';
import { addHeat } from './http/heat.ts';
import { addImport } from './http/import.ts';
import { addHealth, refuseWhileStopping } from './http/health.ts';
import { watchLoad } from './http/load.ts';
import { createMetrics } from './http/metrics.ts';
import { closeInner, createInner } from './http/inner.ts';
import { addMine } from './http/mine.ts';
import { addModerators, invitationTo, makeKey } from './http/moderators.ts';
import { addOembed } from './http/oembed.ts';
import { addPage } from './http/page.ts';
import { addOverview } from './http/overview.ts';
import { createRasteriser } from './http/rasteriser.ts';
import { addStatus } from './http/status.ts';
import { addStreamApi, addStreams } from './http/stream.ts';
import { openTraces } from './http/traces.ts';
import { addWebhooks } from './http/webhooks.ts';
import { createDecisions } from './http/decision.ts';
import { createDeliverer } from './http/deliverer.ts';
import { addSockets, answerError, guardUpgrades } from './http/socket.ts';
import { type Log, openLog } from './log/messages.ts';
import { migrate } from './log/migrate.ts';
import { openRetention } from './log/retention.ts';
import { openSql } from './log/sql.ts';
import { FRAME_IN_MAX_BYTES, INVITATION_S, type Place } from './protocol/index.ts';
import { openTalk } from './app/talk.ts';
import { version } from './app/version.ts';
import { createAllowance } from './room/allowance.ts';
import { createComparison } from './room/comparison.ts';
import { act, type Tell } from './room/act.ts';
import type { Crowd } from './room/elsewhere.ts';
import { createDoorkeeper } from './room/doorkeeper.ts';
import { createIdentity } from './room/identity.ts';
import { createLexicon } from './room/lexicon.ts';
import { createNetworks } from './room/networks.ts';
import { createPace } from './room/pace.ts';
import { createPositions } from './room/position.ts';
import { createPulse } from './room/pulse.ts';
import { createRooms } from './room/rooms.ts';
import { createSeats } from './room/seats.ts';
import { createShed, type Shed } from './room/shed.ts';
import type { House } from './room/house.ts';
import { Session } from './room/session.ts';
import { tellPresence } from './room/presence.ts';
import { createTickets } from './room/ticket.ts';
import { openCourier } from './stream/courier.ts';
import { openOutside } from './stream/egress.ts';
import { createGuard } from './stream/guard.ts';
import { createTyping } from './room/typing.ts';
import { hearWhisper, writeWhisper } from './room/whisper.ts';

export type App = {
  http: FastifyInstance;
  /** For `METRICS_PORT`. */
  inner: Server;
  /** What is turned off, at any moment. */
  shed: Shed;
  /** A link that makes who opens it the owner, while nobody is and no ADMIN_TOKEN says who. */
  setUp(): Promise<string | null>;
  /** Counts what ends the process. */
  noteLast(error: unknown): Promise<void>;
};

const COMPARE_ALONE_MS = 2_000;
/** Another second goes by until a bus that fell silent is known to be. */
const COMPARE_DEAF_MS = 1_000;
const REACTIONS_EVERY_MS = 1_000;
const FORGET_EVERY_MS = 600_000;
const TIDY_EVERY_MS = 60_000;
const NOBODY: Crowd = { authors: [], more: 0, names: [] };

/** ws's own defaults would let a stranger pin memory by fragments. */
const SOCKET_LIMITS = { maxPayload: FRAME_IN_MAX_BYTES, maxFragments: 16, maxBufferedChunks: 64, perMessageDeflate: DEFLATE, closeTimeout: 5_000, clientTracking: false };

/** Wires everything, top to bottom. Listens nowhere. `http.close()` sends readers elsewhere first. */
export async function createApp(config: Config): Promise<App> {
  await prepareDatabase(config.DATABASE_URL);
  const now = (): number => performance.now();
  const metrics = createMetrics({ connections: () => sockets.size, overloaded: () => load.overloaded, hears: config.REDIS_URL ? () => bus.hears : null });
  const load = watchLoad(now);
  const shed = createShed(config.SHED);
  const traces = config.OTEL_EXPORTER_OTLP_ENDPOINT ? await openTraces({ endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT, service: config.OTEL_SERVICE_NAME, share: config.OTEL_TRACES_SAMPLER_ARG, version, act }) : null;
  const logger = createLogger(config, traces?.ids);

  const { token, trusts } = openTrust(config);
  const outside = openOutside(config.EGRESS_URL, token);
  const truth = openLog(config.DATABASE_URL, { ...(traces && { around: traces.call }), onAppend: metrics.appended, onCommit: metrics.committed, onDoubt: (places) => { metrics.doubted(); void rooms.compare(places).catch(later); }, onFault: createForward(config.ERROR_DSN, version, outside.fetch) });
  const log = traces?.log(truth) ?? truth;
  const note = (error: unknown): void => noteError(log.errors, version, error);
  const hints = openBus(config, {
    hear: (hint) => (traces ? traces.hear(rooms, hint) : rooms.hear(hint)),
    overhear: (...heard) => hearWhisper({ rooms, typing, now, ...here }, ...heard),
    turned(deaf) {
      comparison.now();
      logHearing(logger, deaf);
    },
    late: () => comparison.now(),
  });
  const bus = traces?.bus(hints) ?? hints;
  const rooms = createRooms({ log: metrics.watchHeads(log), bus, ...(traces && { passed: traces.passed }), now, shed, encode: encodeFrame, deflate: encodeDeflated, delivered: metrics.delivered, cameAt: metrics.cameAt, onEpoch: (room) => { metrics.epochChanged(); for (const one of room.members) if (one instanceof Session) void one.startOver(); } });
  const typing = createTyping(now, shed, (place, author) => bus.whisper(place, writeWhisper({ t: 'typing', author })));
  const comparison = createComparison(rooms, now, () => bus.hears, config.REDIS_URL ? COMPARE_DEAF_MS : COMPARE_ALONE_MS);
  const positions = createPositions(log, shed);
  const networks = createNetworks(log.moderators, now);
  const lexicon = createLexicon(log, now, config.WORDS === 'standard');
  const allowance = createAllowance({
    roomMessagesPerS: config.ROOM_MESSAGES_PER_S, roomBytesPerS: config.ROOM_BYTES_PER_S, senderMessagesPerS: config.SENDER_MESSAGES_PER_S,
    framesPerMinute: config.FRAMES_PER_MINUTE,
  }, now);
  const { talk, shield } = openTalk(config, { log, rooms, publish: bus.publish, allowance, lexicon, now, ask: outside.fetch });
  const here: Tell = {
    ring(place) { for (const one of rooms.find(place)?.members ?? []) if (one instanceof Session && one.moderates) one.ring(); },
    banNetwork: (place, author, act) => networks.ban(place, author, act).catch(later),
    forget(place, author) {
      networks.forget(place, author);
      talk.forget(place, author);
      allowance.forget(author);
      for (const one of rooms.find(place)?.members ?? []) if (one instanceof Session && one.author === author) one.forget();
    },
  };
  const tickets = createTickets(config.IDENTITY_SECRET);
  const house: House = {
    log, bus, rooms, positions, now, shed, encode: encodeFrame, meter: metrics.meter, allowance, talk: traces?.talk(talk) ?? talk, shield, networks, act: traces?.act ?? act,
    desk: {
      ring(place) { here.ring(place); bus.whisper(place, writeWhisper({ t: 'desk' })); },
      banNetwork(place, author, act) { bus.whisper(place, writeWhisper({ t: 'network', author, act })); return here.banNetwork(place, author, act); },
      forget(place, author) { bus.whisper(place, writeWhisper({ t: 'forget', author })); here.forget(place, author); },
    },
    reactionPace: createPace(REACTIONS_EVERY_MS),
    undoHours: config.UNDO_HOURS,
    moderators: createDoorkeeper(log.moderators, config.FRAME_ANCESTORS),
    identity: createIdentity(config.IDENTITY_SECRET),
    tickets,
    seats: createSeats(),
    pulse: createPulse(now),
    typing,
  };

  const home = (): string => config.PUBLIC_URL || `http://${config.HOST === '0.0.0.0' ? '127.0.0.1' : config.HOST}:${(http.server.address() as AddressInfo | null)?.port ?? config.PORT}`;
  const guard = createGuard(config.WEBHOOK_ALLOW);
  const courier = openCourier(guard, outside);
  const decisions = createDecisions(config.IDENTITY_SECRET);
  const deliverer = createDeliverer({ webhooks: log.webhooks, courier, decisions, secret: config.IDENTITY_SECRET[0] ?? '', home, report: (err) => logger.warn({ err }, 'what is told waits') });

  const direct = await openDirect();
  const streamOf = async (id: string): Promise<string | null> => (await log.stream(id))?.url ?? null;
  const viewing = openViewing(config, streamOf, outside, shed, (err) => { logger.error({ err }, 'request failed'); note(err); }, metrics.fetched);
  const shows = config.ROLES.includes('stream');
  const http = await createHttp(config, logger, shows ? viewing.watch : null, note);
  traces?.requests(http);
  let ready = false;
  let sockets = { size: 0, drain: async (_: number) => {} };
  await http.register(websocket, {
    options: SOCKET_LIMITS,
    errorHandler: (error, ws, request) => answerError(error, ws, request, note),
    preClose: (done) => done(),
  });
  guardUpgrades(http);
  refuseWhileStopping(http);
  await http.register(async (scope) => {
    sockets = addSockets(scope, house, {
      direct, load, now, note, turnedAway: metrics.turnedAway, publicUrl: config.PUBLIC_URL, perAddress: config.CONNECTIONS_PER_ADDRESS, inAll: config.CONNECTIONS_MAX,
    });
  });
  const positionOf = async (place: Place) => {
    const room = rooms.find(place);
    return room ? positions.newest(room) : positions.page(place);
  };
  const counts = createCounts(log, now);
  http.addHook('onClose', () => viewing.close());
  await http.register(async (scope) => {
    await limitRate(scope, config);
    addCompression(scope);
    const gate = createGate(log.moderators, config.ADMIN_TOKEN);
    addApi(scope, log, positionOf);
    addCounts(scope, counts);
    addFeeds(scope, positionOf, config.PUBLIC_URL);
    addHeat(scope, log, now);
    addStreamApi(scope, { ...viewing, log, bus, gate });
    if (shows) addStreams(scope, viewing, shed);
    const crowdOf = async (place: Place) => ({ here: rooms.find(place)?.presence.count ?? 0, said: (await counts.of(place.site, [place.post]))[place.post] ?? 0 });
    addBadge(scope, crowdOf);
    const rasteriser = createRasteriser();
    scope.addHook('onClose', () => rasteriser.close());
    await addCard(scope, positionOf, crowdOf, rasteriser, shed);
    addDesk(scope, { log, gate, lexicon });
    addErrors(scope, { log, gate });
    addExport(scope, log, gate);
    addImport(scope, { log, bus, gate });
    addModerators(scope, { moderators: log.moderators, gate, adminToken: config.ADMIN_TOKEN, publicUrl: config.PUBLIC_URL });
    addDocs(scope, version);
    addOverview(scope, { log, gate });
    addActs(scope, house, gate);
    addDoctor(scope, { origin: viewing.origin, outside, publicUrl: config.PUBLIC_URL, frameAncestors: config.FRAME_ANCESTORS, hops: config.TRUST_PROXY_HOPS }, gate);
    addStatus(scope, { log, gate, version, settings: showSettings(config), now: { lateMs: () => Math.round(load.lateMs), overloaded: () => load.overloaded, connections: () => sockets.size, rooms: () => [...rooms.open].length, hears: () => (config.REDIS_URL ? bus.hears : null), shed: shed.all } });
    addMine(scope, { log, bus, desk: house.desk, tickets, gate });
    addWebhooks(scope, { log, gate, guard, deliverer, decisions, deps: house });
    addOembed(scope, positionOf, config.PUBLIC_URL);
    await addPage(scope, positionOf, config.PUBLIC_URL);
  });
  addHealth(http, () => ready);
  http.server.on('request', metrics.answering);
  metrics.watch({ version, ready: () => ready, chat: { connectionsMax: config.CONNECTIONS_MAX, rooms, now, reached: config.REDIS_URL ? () => bus.reached : null }, log, stream: shows ? { proxy: viewing.proxy, bytesMax: config.STREAM_CACHE_MB * 1_000_000 } : null });
  const inner = createInner({
    trusts, streamOf, measured: metrics.text,
    tell(said) {
      const fault = readFault(said);
      if (fault) log.errors.note({ source: 'server', ...fault });
      return fault !== null;
    },
  });

  const tellOthers = (place: Place, crowd: Crowd): void => bus.whisper(place, writeWhisper({ t: 'here', ...crowd }));
  const retention = openRetention(config.DATABASE_URL, { retentionDays: config.RETENTION_DAYS, backupDays: config.BACKUP_DAYS });
  const forgetting = setInterval(() => {
    void forget(log, config.UNDO_HOURS).catch(later);
    void retention.run(Date.now(), bus.publish).catch(later);
  }, FORGET_EVERY_MS);
  const tidying = setInterval(allowance.tidy, TIDY_EVERY_MS);
  const presence = setInterval(() => tellPresence(rooms.open, now(), bus.hears ? tellOthers : null), 1_000);

  http.addHook('onListen', async () => { ready = true; });
  http.addHook('preClose', async () => {
    ready = false;
    await sockets.drain(config.DRAIN_SECONDS);
    comparison.close();
    shield.close();
    clearInterval(presence);
    clearInterval(forgetting);
    clearInterval(tidying);
    load.close();
    house.reactionPace.close();
    for (const { place } of rooms.open) tellOthers(place, NOBODY);
    // What is on its way is cut off, and told again by who comes after.
    await courier.close();
    await deliverer.close();
    await retention.close();
    await log.close();
    house.pulse.close();
    house.typing.close();
    rooms.close();
    await bus.close();
    await outside.close();
    await traces?.close();
    metrics.close();
    closeInner(inner);
  });
  async function setUp(): Promise<string | null> {
    const code = makeKey();
    if (config.ADMIN_TOKEN !== '' || !(await log.moderators.setUp(code, INVITATION_S))) return null;
    return invitationTo(home(), code);
  }
  return { http, inner, shed, setUp, noteLast: (error) => { note(error); return log.errors.flush(); } };
}

function openBus({ REDIS_URL }: Config, listener: Listener): Bus {
  return REDIS_URL ? createRedisBus(REDIS_URL, listener) : createMemoryBus(listener);
}

function logHearing(logger: FastifyBaseLogger, deaf: Deafness | null): void {
  if (deaf === 'alone') logger.warn('Redis is not heard: words of other servers come up to two seconds late');
  else if (deaf === 'peer') logger.info('another server is not heard by Redis, or says so: its words come up to two seconds late');
  else logger.info('all servers hear each other by Redis');
}

/** What moderators took away, when it can be brought back no more. */
async function forget({ moderators }: Log, hours: number): Promise<void> {
  while ((await moderators.forget(hours)) > 0);
}

/** What failed is found again by the next comparison, or done by the next round. */
function later(): void {}

async function prepareDatabase(url: string): Promise<void> {
  const sql = openSql(url, { max: 1 });
  try {
    await migrate(sql);
  } finally {
    await sql.end({ timeout: 2 });
  }
}
