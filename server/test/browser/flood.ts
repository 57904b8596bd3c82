import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { nanoid } from 'nanoid';
import { openWire, type Wire } from '../../bench/wire.ts';
import type { Stage } from './stage.ts';

/** People who say `perSecond` messages a second together until they are stopped. They read nothing, so they cost little. */
export type Flood = { said(): number; /** Resolves when all that was said is saved. */ stop(): Promise<void> };

const PEOPLE = ['졸린 여우', '느긋한 너구리', '밤새는 부엉이', '열다섯글자로꽉채운이름입니다요', 'Merry owl'];
const TEXTS = [
  '저도 그렇게 생각해요', 'ㅋㅋㅋㅋㅋ', '“Save, then tell” is such a good rule.', '첫째 줄\n둘째 줄\n\n한 줄 비우고 넷째 줄',
  '읽어 보세요: https://ko.wikipedia.org/wiki/한글_맞춤법_통일안 에서 찾았어요',
  '가장자리에서 이야기하던 사람들이 본문보다 오래 기억된다는 말을 어디선가 읽은 적이 있는데, 이 글을 읽다가 그 말이 다시 떠올랐어요. 정말 그렇더라고요.',
];
const TICK_MS = 50;
const SAVED_WITHIN_MS = 20_000;
const OK = '"t":"ok"';

export async function flood({ chat }: Stage, room: string, perSecond: number): Promise<Flood> {
  let saved = 0;
  const wires = await Promise.all(PEOPLE.map((nick) => join(chat.ws, room, nick, (count) => { saved += count; })));
  const began = performance.now();
  let said = 0;
  let running = true;
  const done = (async () => {
    for (; running; await pause(TICK_MS)) {
      for (const due = ((performance.now() - began) / 1_000) * perSecond; said < due; said += 1) {
        const text = `${said} ${TEXTS[said % TEXTS.length]}`;
        wires[Math.floor(said / 2) % wires.length]?.send(JSON.stringify({ t: 'say', cid: nanoid(), text }));
      }
    }
  })();
  return {
    said: () => said,
    async stop() {
      running = false;
      await done;
      for (const deadline = performance.now() + SAVED_WITHIN_MS; saved < said; await pause(TICK_MS)) {
        if (performance.now() > deadline) throw new Error(`${saved} of ${said} messages were saved`);
      }
      for (const { socket } of wires) socket.destroy();
    },
  };
}

/** Only the answers are looked at: a refusal would be a flood that nobody sees. */
function join(url: string, room: string, nick: string, tell: (saved: number) => void): Promise<Wire> {
  const welcomed = Promise.withResolvers<void>();
  let rest = '';
  const opening = openWire(url, (bytes) => {
    const text = rest + bytes.toString('latin1');
    rest = text.slice(1 - OK.length);
    tell(text.split(OK).length - 1);
    if (bytes.includes('"t":"welcome"')) welcomed.resolve();
    const refused = bytes.toString().match(/"t":"(?:no|wait|bye)"[^}]*/)?.[0];
    if (refused) throw new Error(`A sender is refused: ${refused}`);
  });
  return opening.then(async (wire) => {
    wire.send(JSON.stringify({ t: 'hello', v: 1, room, id: randomUUID(), nick, avatar: 'fox' }));
    await welcomed.promise;
    return wire;
  });
}
