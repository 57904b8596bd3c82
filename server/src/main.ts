import closeWithGrace from 'close-with-grace';
import { type App, createApp } from './app.ts';
import { createStreamApp } from './app/stream.ts';
import { startWorkers, type Workers } from './app/workers.ts';
import { ConfigError, readConfig } from './config.ts';

/** The process: config → signals → app → listen; or, of several that share the port, who starts them. */
const FINISH_MS = 10_000;
/** For the database to hear of an uncaught error; no longer, since the process goes on meanwhile. */
const LAST_MS = 500;

try {
  const config = readConfig(process.env);
  const isWorker = process.argv[2] === 'worker';
  let app: App | undefined;
  let workers: Workers | undefined;
  let closing = false;
  // Before all that waits: the first process of a container is deaf to a signal it has not asked for, and would have to be killed.
  closeWithGrace({ delay: config.DRAIN_SECONDS * 1_000 + FINISH_MS, logger: false }, async ({ err }) => {
    closing = true;
    // What the process knows after an uncaught error cannot be trusted: it ends, and readers resume elsewhere.
    if (err) {
      if (app) {
        app.http.log.fatal({ err }, 'uncaught error');
        setTimeout(() => process.exit(1), LAST_MS);
        await app.noteLast(err);
      } else tell(err);
      process.exit(1);
    }
    workers?.close();
    await workers?.over;
    await app?.http.close();
  });
  if (config.WORKERS > 1 && !isWorker) {
    workers = startWorkers(process.argv[1] ?? '', config.WORKERS, (index) => ({ ...process.env, METRICS_PORT: String(config.METRICS_PORT && config.METRICS_PORT + index) }));
    process.exit(await workers.over);
  }
  if (isWorker) {
    // Who started it is gone, or wants it to end; it may be ending already.
    process.once('disconnect', () => { if (!closing) process.kill(process.pid, 'SIGTERM'); });
    if (!process.connected) process.exit(0);
  }
  app = await (config.ROLES.includes('chat') ? createApp(config) : createStreamApp(config));
  const { http, inner } = app;
  await new Promise<void>((resolve, reject) => inner.once('error', reject).listen(config.METRICS_PORT, config.METRICS_HOST, resolve));
  // Fastify hands it on to Node and does not know it.
  const shared = { reusePort: isWorker };
  await http.listen({ port: config.PORT, host: config.HOST, ...shared });
  // The next start offers it again.
  const link = isWorker && process.argv[3] !== '0' ? null : await app.setUp().catch(() => null);
  if (link) process.stdout.write(`Nobody owns this installation yet. Who opens this link first does, for a day from now:\n  ${link}\n`);
} catch (error) {
  tell(error);
  process.exit(1);
}

function tell(error: unknown): void {
  process.stderr.write(`${error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
}
