import { badFrames } from '../../test/http/bad-frames.ts';
import { badHellos } from '../../test/http/bad-hellos.ts';
import { badRequests } from '../../test/http/bad-requests.ts';
import { MARK } from '../../test/http/bad-frame.ts';
import { origins, PUBLIC_URL } from '../../test/http/origins.ts';
import { openProcess, type ServerProcess } from '../../test/http/process.ts';
import { knock } from '../../test/http/raw.ts';
import { decline, type Fate, refuse } from '../../test/http/refuse.ts';
import { visit } from '../../test/http/strangers.ts';
import { openDatabase, type TestDatabase } from '../../test/support/database.ts';
import type { Asked, Result } from '../proofs.ts';

const VISITS = 10_000;

/** Every row of bad input against a server process, with its tables and its log compared before and after. */
export async function prove({ share, say }: Asked): Promise<Result> {
  const database = await openDatabase();
  const server = await openProcess(database.url);
  const named = await openProcess(database.url, { PUBLIC_URL });
  try {
    return await judge(server, named, database, Math.max(100, Math.round(VISITS * share)), say);
  } finally {
    await named.close();
    await server.close();
    await database.close();
  }
}

async function judge(server: ServerProcess, named: ServerProcess, { sql }: TestDatabase, visits: number, say: Asked['say']): Promise<Result> {
  const quiet = server.log.length;
  const fates: Fate[] = [];
  const heard: string[] = [];
  for (const row of [...badFrames, ...badHellos]) fates.push(tell(await refuse({ ws: server.ws, sql }, row, heard), say));
  for (const row of badRequests) fates.push(tell(await decline({ http: server.http, sql }, row), say));
  for (const { name, origin, from } of origins) {
    const { status } = await knock(named.http, '/ws', origin === undefined ? [] : [['Origin', origin]]);
    fates.push(tell({ name: `origin: ${name}`, refused: status === (from === 'foreign' ? 403 : 101), harmed: false, written: 0, seen: `${status}` }, say));
  }
  const strangers = await visit({ http: server.http, ws: server.ws, sql }, visits);
  say(`${strangers.gets} pages and ${strangers.hellos} hellos of made-up posts: ${strangers.written} rows written`);
  const log = server.log.slice(quiet);
  const told = log.split('\n').filter((line) => line !== '' && !isParserNote(line)).length + (log.includes(MARK) ? 1 : 0);
  const refused = fates.filter((fate) => fate.refused).length;
  const harmed = fates.filter((fate) => fate.harmed).length;
  const written = fates.reduce((sum, fate) => sum + fate.written, strangers.written);
  const missed = 2 * visits - strangers.answered - strangers.welcomed;
  return {
    ok: refused === fates.length && harmed === 0 && written === 0 && told === 0 && missed === 0,
    count: fates.length + 2 * visits,
    figure: `${refused} of ${fates.length} rows refused, ${harmed} sockets or requests harmed, ${written} rows written, ${told} lines logged; ${2 * visits} visits to made-up posts, ${missed} unanswered`,
  };
}

function tell(fate: Fate, say: Asked['say']): Fate {
  if (!fate.refused || fate.harmed || fate.written > 0) say(`${fate.name}: ${fate.seen}${fate.harmed ? ', harmed' : ''}${fate.written > 0 ? `, ${fate.written} rows written` : ''}`);
  return fate;
}

/** At the finest level: that somebody spoke no HTTP, and nothing of what it spoke. */
function isParserNote(line: string): boolean {
  const { level, msg } = JSON.parse(line) as { level: number; msg: string };
  return level === 10 && msg.startsWith('client ');
}
