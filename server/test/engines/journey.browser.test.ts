import t from 'tap';
import { openChromiumEngine } from './chromium.ts';
import { play } from './journey.ts';

t.setTimeout(90_000);
await play(t, openChromiumEngine, { storage: 'partitioned', cookie: true });
