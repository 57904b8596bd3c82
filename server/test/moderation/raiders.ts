import { nanoid } from 'nanoid';
import { WebSocket } from 'ws';
import { sha256Head } from '../../../widget/src/state/sha256.ts';
import type { ServerFrame, Stamp } from '../../src/protocol/index.ts';

/** Bots in a process of their own, so that what they cost is counted: forked with what they are asked as JSON. */
export type RaidersAsked = { ws: string; room: string; bots: number; addresses: number; joinS: number; raidS: number; everyMs: number; solvers: number; stampsPerS: number; cores: number };
export type RaidersTold = { joined: number; refused: number; tried: number; saved: number; held: number; solved: number; skipped: number; codes: Record<string, number>; cores: number };

const asked = JSON.parse(process.argv[2] ?? '{}') as RaidersAsked;
const told: RaidersTold = { joined: 0, refused: 0, tried: 0, saved: 0, held: 0, solved: 0, skipped: 0, codes: {}, cores: 0 };
const SPAM = ['지금 가입하면 무료 https://spam.example/', '돈 벌기 쉬워요 여기로 오세요', '이 방은 이제 우리 것이다', 'FREE COINS at spam.example'];
const ROWS = Buffer.from('{"t":"rows');
const STAMPS_SHARE = 0.6;
const LETTERS = '가나다라마바사아자차카타파하거너더러머버서어';
const began = performance.now();
let stamps = 0;
let solving = 0;

/** A third says the same, a third nearly the same, a third something else each time. */
function textOf(bot: number): string {
  const spam = SPAM[bot % SPAM.length] as string;
  if (bot % 3 === 0) return spam;
  if (bot % 3 === 1) return `${spam} ${nanoid(5)}`;
  return Array.from({ length: 12 }, () => LETTERS[Math.floor(Math.random() * LETTERS.length)]).join('');
}

function solve({ salt, bits }: Stamp): string {
  for (let answer = 0; ; answer += 1) if (Math.clz32(sha256Head(`${salt}.${answer}`)) >= bits) return `${salt}.${answer}`;
}

const isOver = (): boolean => performance.now() - began > (asked.joinS + asked.raidS) * 1_000;

function launch(bot: number): void {
  const address = bot % asked.addresses;
  const socket = new WebSocket(asked.ws, { perMessageDeflate: false, headers: { 'x-forwarded-for': `10.${20 + (address >> 8)}.${address & 255}.7` } });
  let text = '';
  let timer: NodeJS.Timeout;
  const say = (more: object = {}): void => {
    if (isOver() || socket.readyState !== socket.OPEN) return;
    const { user, system } = process.cpuUsage();
    // Not more of a core than they are given, stamps included.
    if ((user + system) / 1_000 > asked.cores * (performance.now() - began)) return void (told.skipped += 1);
    told.tried += 1;
    text ||= textOf(bot);
    socket.send(JSON.stringify({ t: 'say', cid: nanoid(), text, ...more }));
  };
  socket.on('error', () => {});
  socket.on('unexpected-response', () => { told.refused += 1; });
  socket.on('open', () => socket.send(JSON.stringify({ t: 'hello', v: 1, room: asked.room, id: crypto.randomUUID(), nick: `손님${bot}`, avatar: 'fox' })));
  socket.on('close', () => clearInterval(timer));
  socket.on('message', (data: Buffer) => {
    // What others say is nothing to a bot: it is not read.
    if (data.subarray(0, 10).equals(ROWS)) return;
    const frame = JSON.parse(String(data)) as ServerFrame;
    if (frame.t === 'welcome') {
      told.joined += 1;
      timer = setInterval(() => { text = ''; say(); }, asked.everyMs * (0.7 + Math.random() * 0.6));
    } else if (frame.t === 'ok') {
      if (frame.held) told.held += 1;
      else told.saved += 1;
    } else if (frame.t === 'no') {
      told.codes[frame.code] = (told.codes[frame.code] ?? 0) + 1;
      // Of what they are given, the larger part goes into stamps, and the rest into trying.
      const elapsed = performance.now() - began;
      if (!frame.stamp || bot >= asked.solvers || stamps < 1 || solving > STAMPS_SHARE * asked.cores * elapsed) return;
      stamps -= 1;
      told.solved += 1;
      const stamp = solve(frame.stamp);
      solving += performance.now() - began - elapsed;
      say({ stamp });
    }
  });
}

setInterval(() => { stamps = Math.min(asked.stampsPerS, stamps + asked.stampsPerS / 10); }, 100);
for (let bot = 0; bot < asked.bots; bot += 1) setTimeout(launch, (bot / asked.bots) * asked.joinS * 1_000, bot);
setTimeout(() => {
  const { user, system } = process.cpuUsage();
  told.cores = (user + system) / 1_000 / (performance.now() - began);
  process.send?.(told, () => process.exit(0));
}, (asked.joinS + asked.raidS) * 1_000 + 1_000);
