import { type Chromium, type Keeps, openChromium } from '../../test/browser/chromium.ts';
import { type Framing, framings } from '../../test/browser/host/blog.ts';
import { type Leak, leaks } from '../../test/browser/host/leaks.ts';
import { type Ending, type House, playHost } from '../../test/browser/host/play.ts';
import { openTampered } from '../../test/browser/tamper.ts';
import { seedRandom } from '../../test/faults/random.ts';
import { openProcess } from '../../test/http/process.ts';
import { openDatabase } from '../../test/support/database.ts';
import { ROOT } from '../places.ts';
import type { Asked, Result } from '../proofs.ts';
import { buildWidget } from '../widget.ts';

const keepings = ['partitioned', 'cookies', 'nothing'] as const satisfies Keeps[];
const all = keepings.flatMap((keeps) => (Object.keys(framings) as Framing[]).map((framing) => ({ keeps, framing })));
/** Those without an origin wait ten seconds before they may speak: none of them is in a small part of a run. */
const quick = [{ keeps: 'cookies', framing: 'sandboxed' }, { keeps: 'partitioned', framing: 'inside' }] as const;
const ALL_FROM_SHARE = 0.2;

/** A page that frames the chat and tries everything learns nothing of the id that its reader speaks under. */
export async function prove({ share, seed, say }: Asked): Promise<Result> {
  await buildWidget(ROOT, new AbortController().signal);
  const database = await openDatabase();
  const server = await openProcess(database.url);
  const house: House = { server, sql: database.sql };
  try {
    const small = share < ALL_FROM_SHARE;
    const cases = small ? quick : all;
    const endings: Ending[] = [];
    const planted = small ? seedRandom(seed).shuffle(leaks).slice(0, 1) : leaks;
    const missed: string[] = [];
    await Promise.all(keepings.map(async (keeps) => {
      const [own, leaky] = [cases.filter((one) => one.keeps === keeps), planted.filter((one) => one.keeps === keeps)];
      if (own.length + leaky.length === 0) return;
      const chromium = await openChromium(keeps);
      try {
        for (const { framing } of own) endings.push(tell(await playHost(house, chromium, { keeps, framing }), `${keeps}, ${framing}`, say));
        for (const leak of leaky) if (!(await isFound(house, chromium, leak))) missed.push(leak.name);
      } finally {
        await chromium.close();
      }
    }));
    for (const name of missed) say(`not found: ${name}`);
    const sum = (of: (ending: Ending) => number): number => endings.reduce((total, ending) => total + of(ending), 0);
    const [faults, rode] = [sum((ending) => ending.faults.length), sum((ending) => ending.rode)];
    if (rode === 0) say('the cookie rode on no request: its way was not tried');
    return {
      ok: faults === 0 && missed.length === 0 && rode > 0, count: sum(({ heard }) => heard),
      figure: `${cases.length} hosts (what the browser keeps × how the room is framed) heard ${sum(({ heard }) => heard).toLocaleString('en')} pieces, the reader's cookie rode on ${rode} requests: the secret stood in ${faults} of what the host heard, addresses, answers, frames, log, metrics and tables; ${planted.length - missed.length} of ${planted.length} planted leaks found`,
    };
  } finally {
    await server.close();
    await database.close();
  }
}

function tell(ending: Ending, name: string, say: Asked['say']): Ending {
  for (const fault of ending.faults) say(`${name}: ${fault}`);
  return ending;
}

async function isFound(house: House, chromium: Chromium, { keeps, tampering, found }: Leak): Promise<boolean> {
  const tampered = await openTampered(house.server.http, tampering);
  try {
    const { faults } = await playHost(house, chromium, { keeps, framing: 'plain', http: tampered.http });
    return faults.some((fault) => found.test(fault));
  } finally {
    await tampered.close();
  }
}
