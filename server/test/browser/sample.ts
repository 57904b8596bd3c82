import { nanoid } from 'nanoid';
import type { Lang } from '../../../widget/src/ui/words/words.ts';
import { type Client, openClient } from '../support/client.ts';
import type { Stage } from './stage.ts';

/** The reader in every picture. Their secret is known, so that what they said is their own in any browser. */
export const ME = { id: '0b6a8a52-6c1f-4d0e-9a53-4d8f5e0c7a11', avatar: 'whale' } as const;

type Line = {
  by: number;
  text: string;
  /** The place in this list of the line it answers. */
  re?: number;
  edit?: string;
  /** Who reacted, by place among the people. */
  signs?: Record<string, readonly number[]>;
  /** Said yesterday. */
  before?: true;
};
type Person = { id: string; nick: string; avatar: string };
export type Sample = { title: string; me: string; people: readonly Person[]; lines: readonly Line[] };

/** A talk with everything in it that a line can carry. Person 0 is the reader; 1 and 3 share a name. */
export function sampleOf(lang: Lang): Sample {
  return lang === 'ko' ? korean : english;
}

const KOREAN_LINK = 'https://ko.wikipedia.org/wiki/%ED%95%9C%EA%B8%80_%EB%A7%9E%EC%B6%A4%EB%B2%95';

function gather(nicks: readonly [string, string, string, string]): Person[] {
  const [me, fox, owl, hedgehog] = nicks;
  return [
    { ...ME, nick: me },
    { id: crypto.randomUUID(), nick: fox, avatar: 'fox' },
    { id: crypto.randomUUID(), nick: owl, avatar: 'owl' },
    { id: crypto.randomUUID(), nick: fox, avatar: 'koala' },
    { id: crypto.randomUUID(), nick: hedgehog, avatar: 'hedgehog' },
  ];
}

const korean: Sample = {
  title: '한글은 어디에서 줄을 바꾸는가',
  me: '수줍은 고래',
  people: gather(['수줍은 고래', '졸린 여우', '밤새는 부엉이', '열다섯글자로꽉채운이름입니다요']),
  lines: [
    { by: 1, text: '줄바꿈 부분 정말 잘 읽었어요. 낱말이 갈라지면 눈이 걸린다는 게 핵심이네요', signs: { '👍': [0, 2, 3], '🎉': [2] }, before: true },
    { by: 1, text: '혹시 예제 코드도 공개하시나요?', before: true },
    { by: 2, text: `네, https://github.com/deep-dive/aside 에 있어요. 규칙은 ${KOREAN_LINK}을 보세요`, re: 1 },
    { by: 3, text: '이름이 같은 사람도 있네요' },
    { by: 4, text: '첫째 줄\n둘째 줄\n\n한 줄 비우고 넷째 줄' },
    { by: 4, text: '가장자리에서이야기하던사람들이본문보다오래기억된다는말을띄어쓰기없이써보면어떻게될까요' },
    { by: 2, text: '👀🎉' },
    { by: 0, text: '저도 회사에서 바로 써 볼게요!', edit: '저도 회사에서 바로 써 볼게요! 고맙습니다', signs: { '❤️': [2, 3] } },
    { by: 0, text: '다음 글도 기대합니다' },
    { by: 3, text: '@수줍은 고래 저희 팀도 같이 써 봐요', signs: { '🙌': [0] } },
    { by: 0, text: '좋아요, 써 보고 여기에 남길게요', re: 9 },
  ],
};

const english: Sample = {
  title: 'Where the margin begins to talk',
  me: 'Shy whale',
  people: gather(['Shy whale', 'Sleepy fox', 'Night owl', 'Fifteenletters!']),
  lines: [
    { by: 1, text: 'The part about line breaks was a joy to read. A split word trips the eye, and that is the whole point', signs: { '👍': [0, 2, 3], '🎉': [2] }, before: true },
    { by: 1, text: 'Is the sample code public too?', before: true },
    { by: 2, text: `Yes, it is at https://github.com/deep-dive/aside, and the rules are at ${KOREAN_LINK}.`, re: 1 },
    { by: 3, text: 'Two of us share a name, it seems' },
    { by: 4, text: 'First line\nSecond line\n\nFourth, after an empty one' },
    { by: 4, text: 'PneumonoultramicroscopicsilicovolcanoconiosisIsWhatALongWordWithoutASingleSpaceLooksLike' },
    { by: 2, text: '👀🎉' },
    { by: 0, text: 'I will use this at work right away!', edit: 'I will use this at work right away! Thank you', signs: { '❤️': [2, 3] } },
    { by: 0, text: 'Looking forward to the next post' },
    { by: 3, text: '@Shy whale our team would join you', signs: { '🙌': [0] } },
    { by: 0, text: 'Good, I will try it and tell you here', re: 9 },
  ],
};

const KEPT = 2;

/** Says all of it in `room`, each by its author, and moves it in time: the first lines are of the day before. */
export async function sayAll({ chat, sql }: Stage, room: string, { people, lines }: Sample): Promise<void> {
  const clients = await Promise.all(people.map((person) => openClient(chat.ws, { room, ...person })));
  const numbers: number[] = [];
  try {
    for (const { by, text, re, edit, signs = {} } of lines) {
      const said = await ask(clients[by], { t: 'say', text, ...(re === undefined ? {} : { re: numbers[re] }) });
      const n = said.n ?? 0;
      numbers.push(n);
      if (edit !== undefined) await ask(clients[by], { t: 'edit', n, text: edit });
      for (const [emoji, authors] of Object.entries(signs)) for (const author of authors) await ask(clients[author], { t: 'react', n, emoji, on: true });
    }
  } finally {
    for (const client of clients) await client.close();
  }
  const before = lines.filter((line) => line.before).length;
  await sql`
    update messages set created_at = created_at - case when seq <= ${before} then interval '1 day' else make_interval(mins => (${lines.length} - seq::int) / ${KEPT}) end
    where room_id = (select id from rooms where post_id = ${room})`;
}

async function ask(client: Client | undefined, frame: object): Promise<{ n?: number }> {
  const cid = nanoid();
  client?.send({ ...frame, cid });
  const answer = await Promise.race([client?.next('ok', (one) => one.cid === cid), client?.next('no', (one) => one.cid === cid)]);
  if (answer?.t !== 'ok') throw new Error(`${JSON.stringify(frame)} was not taken: ${JSON.stringify(answer)}`);
  return answer.n === undefined ? {} : { n: answer.n };
}
