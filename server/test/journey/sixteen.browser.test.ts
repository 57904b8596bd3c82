import type { BrowserContext } from 'playwright-core';
import t from 'tap';
import { en } from '../../../widget/src/ui/words/en.ts';
import { ko } from '../../../widget/src/ui/words/ko.ts';
import type { Lang } from '../../../widget/src/ui/words/words.ts';
import type { Keeps } from '../browser/chromium.ts';
import { fillRoom } from '../browser/history.ts';
import { openStage, type Post } from '../browser/stage.ts';

t.setTimeout(170_000);
const stage = await openStage();
t.teardown(() => stage.close());

const POSTS: Record<Lang, Post> = { ko: 'hangul-lines', en: 'beside-the-text' };
const SAID = { ko: { name: '수줍은 고래', before: '먼저 온 말', mine: '저도 왔어요', after: '반가워요' }, en: { name: 'Shy whale', before: 'The first word', mine: 'Here I am', after: 'Nice to meet you' } };
const PAPER = { light: 'rgb(255, 255, 255)', dark: 'rgb(20, 21, 25)' };

/**
 * The blog of an author who trusts no frame: without an origin of its own, it can keep nothing.
 * Done in the page, before the frame is asked for: of an answer made up on its way, Chromium does not believe that it came from this machine.
 */
async function withholdOrigin(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => new MutationObserver(() => {
    for (const frame of document.querySelectorAll('iframe')) frame.sandbox.remove('allow-same-origin');
  }).observe(document, { childList: true, subtree: true }));
}

const journeys = (['partitioned', 'cookies'] as const satisfies Keeps[]).flatMap((keeps) => [false, true].flatMap((opaque) => (['ko', 'en'] as const).flatMap((lang) => (['light', 'dark'] as const).map((theme) => ({ keeps, opaque, lang, theme })))));
t.equal(journeys.length, 16);
t.jobs = 4;

/** The server lets a frame without an origin say its first word ten seconds after it came. */
const FIRST_WORD_WITHIN_MS = 25_000;

for (const { keeps, opaque, lang, theme } of journeys) {
  const place = keeps === 'partitioned' ? 'third parties may store' : 'third parties may not store';
  t.test(`a reader reads, takes a name, speaks, hears another and comes back: ${place}, ${opaque ? 'an opaque origin' : 'an origin of its own'}, ${lang}, ${theme}`, { buffered: true }, async (t) => {
    const room = `sixteen-${keeps}-${opaque}-${lang}-${theme}`;
    const words = { ko, en }[lang];
    const said = SAID[lang];
    await fillRoom(stage, room, [{ nick: '졸린 여우', texts: [said.before] }]);
    const reader = await stage.visit(POSTS[lang], {
      room, keeps, options: { colorScheme: theme, locale: lang === 'ko' ? 'ko-KR' : 'en-GB' }, ...(opaque ? { prepare: withholdOrigin } : {}),
    });
    t.teardown(() => reader.context.close());
    await reader.line(said.before).waitFor();
    t.equal(await reader.parts.html.getAttribute('lang'), lang);
    t.equal(await reader.parts.html.evaluate(() => getComputedStyle(document.body).backgroundColor), PAPER[theme]);
    t.equal(await reader.parts.html.evaluate(() => self.origin === 'null'), opaque);
    await reader.takeName(said.name);
    await reader.say(said.mine);
    await reader.line(said.mine).and(reader.room.locator('.mine[data-n]')).waitFor({ timeout: FIRST_WORD_WITHIN_MS });
    await fillRoom(stage, room, [{ nick: '밤새는 부엉이', texts: [said.after] }]);
    await reader.untilDrawn(said.after);
    t.same(await reader.texts(), [said.before, said.mine, said.after]);
    t.same(await reader.parts.notice.allTextContents(), opaque ? [words.fleeting] : [], 'it is told when a name will not last, and only then');
    const before = await reader.who();
    t.equal(before.name, said.name);
    await reader.page.reload();
    await reader.line(said.after).waitFor();
    t.same(await reader.texts(), [said.before, said.mine, said.after]);
    if (opaque) await reader.parts.card.waitFor();
    else {
      await reader.parts.profile.waitFor();
      t.same(await reader.who(), before);
      // Where a cookie is all that is kept, whose words these are comes with the socket.
      await reader.line(said.mine).and(reader.room.locator('.mine')).waitFor();
    }
    t.same(await reader.parts.mine.allTextContents(), opaque ? [] : [said.mine]);
    t.same(reader.watch.errors, []);
  });
}
