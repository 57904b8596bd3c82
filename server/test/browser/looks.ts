import path from 'node:path';
import { fillRoom } from './history.ts';
import type { Reader } from './reader.ts';
import type { Post, Stage } from './stage.ts';

/** Pictures of the blog and its room, to be looked at: both themes, a phone and a desk, before a name and in the talk. */
export async function takeLooks(stage: Stage, dir: string): Promise<void> {
  for (const [width, height, post] of [[360, 740, 'hangul-lines'], [1_200, 800, 'hangul-lines'], [360, 740, 'beside-the-text']] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const room = `looks-${width}-${post}-${colorScheme}`;
      await fillRoom(stage, room, TALK);
      const reader = await stage.visit(post, { room, options: { viewport: { width, height }, colorScheme, locale: LOCALES[post] } });
      const keep = async (moment: string): Promise<void> => {
        await reader.page.screenshot({ path: path.join(dir, `${post}-${width}-${colorScheme}-${moment}.png`), animations: 'disabled' });
      };
      try {
        await pose(reader, keep);
      } finally {
        await reader.context.close();
      }
    }
  }
}

const LOCALES: Record<Post, string> = { 'hangul-lines': 'ko-KR', 'beside-the-text': 'en-GB' };

async function pose(reader: Reader, keep: (moment: string) => Promise<void>): Promise<void> {
  const { page, parts } = reader;
  await page.evaluate(() => scrollTo(0, 0));
  await keep('1-post');
  await page.locator('.room').scrollIntoViewIfNeeded();
  await page.locator('.room').evaluate((room) => room.scrollIntoView());
  await reader.room.locator('.status.live').waitFor();
  await reader.room.getByText('찾았어요').waitFor();
  await keep('2-name');
  await parts.nick.fill('가');
  await parts.take.click();
  await parts.wrong.waitFor();
  await keep('3-wrong');
  await reader.takeName('수줍은 고래');
  for (const text of ['저도 회사에서 바로 써 볼게요!', '다음 글도 기대합니다. 줄바꿈 하나에 이렇게 할 말이 많은 줄은 몰랐어요, 정말로.']) await reader.say(text);
  await reader.line('저도 회사에서 바로 써 볼게요!').and(reader.room.locator('[data-n]')).waitFor();
  await parts.field.fill('쓰는 중인 말');
  await keep('4-talk');
  await parts.log.hover();
  await page.mouse.wheel(0, -300);
  await parts.latest.waitFor();
  await keep('5-above');
}

const TALK = [
  { nick: '졸린 여우', avatar: 'fox', texts: ['벤치마크 부분 정말 잘 읽었어요. 쓰기 횟수가 비용이라는 게 핵심이네요', '혹시 코드도 공개하시나요?'] },
  { nick: '느긋한 너구리', avatar: 'raccoon', texts: ['네, https://github.com/deep-dive/aside 에 있어요'] },
  { nick: '밤새는 부엉이', avatar: 'owl', texts: ['“Save, then tell” is such a good rule. Stealing it.', '가장자리에서이야기하던사람들이본문보다오래기억된다는말을띄어쓰기없이써보면어떻게될까요'] },
  { nick: '졸린 여우', avatar: 'koala', texts: ['이름이 같은 사람도 있네요 👀', 'https://ko.wikipedia.org/wiki/%ED%95%9C%EA%B8%80_%EB%A7%9E%EC%B6%A4%EB%B2%95_%ED%86%B5%EC%9D%BC%EC%95%88'] },
  { nick: '열다섯글자로꽉채운이름입니다요', avatar: 'hedgehog', texts: ['첫째 줄\n둘째 줄\n\n한 줄 비우고 넷째 줄', '찾았어요'] },
];
