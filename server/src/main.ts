import closeWithGrace from 'close-with-grace';
import { createApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';

/** The process: config → app → listen → signals. */
const FINISH_MS = 10_000;

try {
  const config = readConfig(process.env);
  const { http, metrics } = await createApp(config);
  await new Promise<void>((resolve, reject) => metrics.server.once('error', reject).listen(config.METRICS_PORT, config.METRICS_HOST, resolve));
  await http.listen({ port: config.PORT, host: config.HOST });
  closeWithGrace({ delay: config.DRAIN_SECONDS * 1_000 + FINISH_MS, logger: false }, async ({ err }) => {
    // What the process knows after an uncaught error cannot be trusted: it ends, and readers resume elsewhere.
    if (err) {
      http.log.fatal({ err }, 'uncaught error');
      process.exit(1);
    }
    await http.close();
  });
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
