import t from 'tap';
import { openFirefox } from './firefox.ts';
import { play } from './journey.ts';

t.setTimeout(90_000);
await play(t, openFirefox, { storage: 'partitioned', cookie: true });
