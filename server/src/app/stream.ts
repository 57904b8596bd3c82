import type { App } from '../app.ts';
import type { Config } from '../config.ts';
import { createHttp, createLogger, limitRate, openTrust, openViewing } from './base.ts';
import { addCompression } from '../http/compress.ts';
import { createForward } from '../http/envelope.ts';
import { noteError } from '../http/errors.ts';
import { openFront } from '../http/front/front.ts';
import { addHealth, refuseWhileStopping } from '../http/health.ts';
import { closeInner, createInner } from '../http/inner.ts';
import { createMetrics } from '../http/metrics.ts';
import { createPeer } from '../http/peer.ts';
import { addStreams } from '../http/stream.ts';
import { openLog } from '../log/messages.ts';
import { createShed } from '../room/shed.ts';
import { createGateway } from '../stream/gateway.ts';
import { createGuard } from '../stream/guard.ts';
import { version } from './version.ts';

/** `ROLES=stream`: what viewers watch and nothing else, so that a thousand of them take no time from anybody's words. */
export async function createStreamApp(config: Config): Promise<App> {
  const logger = createLogger(config);
  const metrics = createMetrics({ connections: () => 0, overloaded: () => false, hears: null });
  const { token, trusts } = openTrust(config);
  const log = config.CHAT_URL === '' ? openLog(config.DATABASE_URL, { onAppend: metrics.appended, onDoubt: metrics.doubted, onFault: createForward(config.ERROR_DSN, version, fetch) }) : null;
  const { streamOf, errors } = log ? { streamOf: async (id: string) => (await log.stream(id))?.url ?? null, errors: log.errors } : createPeer(config.CHAT_URL, token);
  const note = (error: unknown): void => noteError(errors, version, error);
  const report = (err: unknown): void => {
    logger.error({ err }, 'request failed');
    note(err);
  };
  const shed = createShed(config.SHED);
  const viewing = openViewing(config, streamOf, { egress: null }, shed, report, metrics.fetched);
  const gateway = createGateway(createGuard([...config.STREAM_ALLOW, ...config.WEBHOOK_ALLOW]));
  const inner = createInner({ trusts, measured: metrics.text, connect: gateway.open });
  const http = await createHttp(config, logger, viewing.watch, note);
  refuseWhileStopping(http);
  await http.register(async (scope) => {
    await limitRate(scope, config);
    addCompression(scope);
    addStreams(scope, viewing, shed);
  });
  let ready = false;
  addHealth(http, () => ready);
  const front = await openFront(http.server, { ...viewing.watch, report }, (config.STREAM_CACHE_MB * 1_000_000) / 2);
  http.server.on('request', metrics.answering);
  metrics.watch({ version, ready: () => ready, chat: null, log, stream: { proxy: viewing.proxy, bytesMax: config.STREAM_CACHE_MB * 1_000_000 } }, () => front?.answered ?? 0);
  http.addHook('onListen', async () => { ready = true; });
  http.addHook('preClose', async () => {
    ready = false;
    front?.close();
    await viewing.close();
    await errors.flush();
    await log?.close();
    gateway.close();
    metrics.close();
    closeInner(inner);
  });
  return { http, inner, shed, setUp: async () => null, noteLast: (error) => { note(error); return errors.flush(); } };
}
