import t from 'tap';
import { playAuthor } from './author.ts';
import { openWebkit } from './webkit.ts';

t.setTimeout(90_000);
await playAuthor(t, openWebkit);
