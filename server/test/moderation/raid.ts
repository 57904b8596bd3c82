import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { nanoid } from 'nanoid';
import type { Row, ServerFrame, Stamp } from '../../src/protocol/index.ts';
import { type Client, openClient } from '../support/client.ts';
import type { ServerProcess } from '../http/process.ts';
import { until } from '../support/until.ts';
import type { RaidersAsked, RaidersTold } from './raiders.ts';

/** A raid of bots on a room of people, at a server with the caps it has when nobody changes them. */
export type Raid = {
  bots: RaidersTold;
  /** The shield's highest step, and how long after the raid's end it was down; null when it was not. */
  highest: number;
  downAfterMs: number | null;
  /** Rows of the room in its busiest second, and in all, of people and of bots. */
  busiest: number;
  shown: { people: number; bots: number };
  /** Of what people said during the raid: how long until it was saved; those that were not, or wait for approval. */
  waits: number[];
  unsaid: string[];
};
/** They come over so many seconds, read for a minute, and then talk until the raid begins. */
export type RaidAsked = { people: number; comeS: number; beforeS: number; bots: Omit<RaidersAsked, 'ws' | 'room'>; untilDownS: number; say: (line: string) => void };

const ROOM = 'raided';
const EACH_MS = 10_000;
const READS_MS = 61_000;
const PATIENCE_MS = 20_000;
const WORDS = ['오늘', '이 글', '정말', '저는', '그런데', '다음에', '혹시', '생각보다', '재미있게', '읽었어요', '궁금해요', '좋았어요', '어떻게', '만드셨나요', '감사합니다', '기다릴게요'];

export async function runRaid(server: ServerProcess, { people, comeS, beforeS, bots, untilDownS, say }: RaidAsked): Promise<Raid> {
  const observer = await openClient(server.ws, { room: ROOM });
  answerBeats(observer);
  const crowd = await Promise.all(Array.from({ length: people }, (_, i) => pause((i / people) * comeS * 1_000).then(() => openClient(server.ws, { room: ROOM, id: crypto.randomUUID(), nick: `사람${i}`, avatar: 'otter' }, { headers: { 'x-forwarded-for': `192.168.${i >> 8}.${i & 255}` } })).then(answerBeats)));
  const waits: number[] = [];
  const unsaid: string[] = [];
  let raided = false;
  let over = false;
  let spoken = 0;
  const levelNow = (): number => {
    const told = observer.frames.findLast((frame) => 'room' in frame && frame.room !== undefined) as { room: { rules?: { shield?: { level: number } } } } | undefined;
    return told?.room.rules?.shield?.level ?? 0;
  };
  const talking = crowd.map(async (client, i) => {
    await pause(READS_MS + (i / people) * EACH_MS);
    while (!over) {
      const text = Array.from({ length: 6 }, () => WORDS[Math.floor(Math.random() * WORDS.length)]).join(' ');
      const [began, counted] = [performance.now(), raided];
      const fate = await speak(client, `${text} ${(spoken += 1)}`);
      if (counted && raided) {
        if (fate === 'said') waits.push(performance.now() - began);
        else unsaid.push(fate);
      }
      await pause(EACH_MS * (0.8 + Math.random() * 0.4));
    }
  });
  say(`${people} people have come, and talk for ${beforeS} s`);
  await pause(beforeS * 1_000);
  const calm = levelNow();
  raided = true;
  const began = Date.now();
  const child = fork(path.join(import.meta.dirname, 'raiders.ts'), [JSON.stringify({ ...bots, ws: server.ws, room: ROOM })]);
  let highest = calm;
  const looking = setInterval(() => {
    const level = levelNow();
    if (level !== highest) say(`${((Date.now() - began) / 1_000).toFixed(1)} s: the shield is on step ${level}`);
    highest = Math.max(highest, level);
  }, 250);
  const [told] = (await once(child, 'message')) as [RaidersTold];
  const ended = performance.now();
  raided = false;
  say(`the raid is over: ${JSON.stringify(told)}`);
  const down = await until(() => levelNow() === 0, untilDownS * 1_000);
  clearInterval(looking);
  over = true;
  const downAfterMs = down ? performance.now() - ended : null;
  await Promise.all(talking);
  const rows = observer.frames.flatMap((frame) => ('rows' in frame ? (frame.rows as Row[]) : [])).flatMap((row) => (row.deleted ? [] : [row])).filter(({ at }) => at >= began && at <= began + (bots.joinS + bots.raidS) * 1_000);
  const seconds = new Map<number, number>();
  for (const { at } of rows) seconds.set(Math.floor((at - began) / 1_000), (seconds.get(Math.floor((at - began) / 1_000)) ?? 0) + 1);
  const shownPeople = rows.filter(({ nick }) => nick.startsWith('사람')).length;
  await Promise.all([...crowd, observer].map((client) => client.close()));
  return { bots: told, highest, downAfterMs, busiest: Math.max(0, ...seconds.values()), shown: { people: shownPeople, bots: rows.length - shownPeople }, waits, unsaid };
}

/** Who only reads must say that they are there. */
function answerBeats(client: Client): Client {
  client.raw.on('message', (data) => { if (String(data).startsWith('{"t":"beat"')) client.send({ t: 'pong' }); });
  return client;
}

/** As the widget does: what is told to come later comes later, and a stamp that is asked for is brought. */
async function speak(client: Client, text: string): Promise<string> {
  const cid = nanoid();
  const until = performance.now() + PATIENCE_MS;
  let stamp: string | undefined;
  while (performance.now() < until) {
    const known = client.frames.length;
    client.send({ t: 'say', cid, text, ...(stamp && { stamp }) });
    const isAnswer = (frame: { cid?: string }): boolean => frame.cid === cid && client.frames.indexOf(frame as never) >= known;
    const answer = (await Promise.race([client.next('ok', isAnswer, PATIENCE_MS), client.next('no', isAnswer, PATIENCE_MS), client.next('wait', isAnswer, PATIENCE_MS)]).catch(() => null)) as Extract<ServerFrame, { t: 'ok' | 'no' | 'wait' }> | null;
    client.frames.splice(0, client.frames.length - 1);
    if (!answer) return 'silence';
    if (answer.t === 'ok') return answer.held ? 'held' : 'said';
    if (answer.t === 'no' && answer.stamp) stamp = solve(answer.stamp);
    else if (answer.retryAfter !== undefined) await pause(answer.retryAfter);
    else return answer.t === 'no' ? answer.code : 'wait';
  }
  return 'too late';
}

function solve({ salt, bits }: Stamp): string {
  for (let answer = 0; ; answer += 1) if (Math.clz32(createHash('sha256').update(`${salt}.${answer}`).digest().readUInt32BE(0)) >= bits) return `${salt}.${answer}`;
}

/** Comes again and again with another id from where they were banned; whoever moderates bans at once what shows. How many messages others saw. */
export async function runEvader(server: ServerProcess, key: string, forMs: number, everyMs: number): Promise<{ tries: number; visible: number; held: number }> {
  const headers = { 'x-forwarded-for': '172.16.5.9' };
  const mod = await openClient(server.ws, { room: 'evaded', key });
  answerBeats(mod);
  let [tries, held] = [0, 0];
  for (const end = performance.now() + forMs; performance.now() < end; ) {
    // In the rush of a raid a server may turn somebody away.
    const evader = await openClient(server.ws, { room: 'evaded', id: crypto.randomUUID(), nick: '돌아온 사람', avatar: 'fox' }, { headers }).catch(() => null);
    const answer = await evader?.say(`또 왔다 ${nanoid(6)}`).catch(() => null);
    if (answer) tries += 1;
    if (answer?.t === 'ok' && answer.held) held += 1;
    if (answer?.t === 'ok' && answer.n !== undefined) {
      const { rows } = await mod.next('rows', ({ rows }) => rows.some((row) => row.n === answer.n && !row.deleted));
      const row = rows.find(({ n }) => n === answer.n);
      const cid = nanoid();
      if (row && !row.deleted) mod.send({ t: 'mod', cid, do: 'ban', who: row.author, sweep: true, network: true });
      await mod.next('ok', (frame) => frame.cid === cid);
    }
    await evader?.close();
    await pause(everyMs);
  }
  const visible = new Set(mod.frames.flatMap((frame) => ('rows' in frame ? frame.rows.flatMap((row) => (row.deleted ? [] : [row.n])) : []))).size;
  await mod.close();
  return { tries, visible, held };
}
