import t from 'tap';
import { openWebkit } from './webkit.ts';
import { play } from './journey.ts';

t.setTimeout(90_000);
await play(t, openWebkit, { storage: 'partitioned', cookie: false });
