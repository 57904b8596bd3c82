import t from 'tap';
import { playAuthor } from './author.ts';
import { openFirefox } from './firefox.ts';

t.setTimeout(90_000);
await playAuthor(t, openFirefox);
