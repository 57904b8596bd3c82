import type { Locator } from 'playwright-core';
import type { Keeps } from './chromium.ts';
import { sampleOf } from './sample.ts';
import type { Sitting } from './studio.ts';

/** A state of the widget that can be looked at. */
export type Pose = {
  name: string;
  /** The beginning of its id; the language follows. */
  room: string;
  /** The reader has a name already. */
  named?: boolean;
  keeps?: Keeps;
  /** What the reader does, until it is to be seen. */
  strike?: (sitting: Sitting) => Promise<void>;
};

export const poses: readonly Pose[] = [
  { name: 'empty room', room: 'empty' },
  { name: 'first visit', room: 'talk', named: false },
  { name: 'wrong name', room: 'talk', named: false, strike: takeWrongName },
  { name: 'talk, its end', room: 'talk' },
  { name: 'talk, its middle', room: 'talk', strike: (sitting) => scrollTo(sitting, 0.5) },
  { name: 'talk, its beginning', room: 'talk', strike: (sitting) => scrollTo(sitting, 0) },
  { name: 'new since then', room: 'talk', strike: comeBack },
  { name: 'reacted', room: 'talk', strike: react },
  { name: 'pointed at', room: 'talk', strike: pointAt },
  { name: 'sending', room: 'talk', strike: beSending },
  { name: 'failed', room: 'talk', strike: fail },
  { name: 'replying', room: 'talk', strike: reply },
  { name: 'rewriting', room: 'talk', strike: rewrite },
  { name: 'calling by name', room: 'talk', strike: call },
  { name: 'a long text', room: 'talk', strike: writeMuch },
  { name: 'menu, own', room: 'talk', strike: (sitting) => openMenu(sitting, '.mine') },
  { name: 'menu, other’s', room: 'talk', strike: (sitting) => openMenu(sitting, '.theirs') },
  { name: 'deleting', room: 'talk', strike: beginDeleting },
  { name: 'emoji', room: 'talk', strike: openEmoji },
  { name: 'people', room: 'talk', strike: openPeople },
  { name: 'profile', room: 'talk', strike: openProfile },
  { name: 'forgetting', room: 'talk', strike: beginForgetting },
  { name: 'somebody writes', room: 'talk', strike: letOtherWrite },
  { name: 'scrolled up', room: 'long', strike: (sitting) => scrollTo(sitting, 0.3) },
  { name: 'may be missing', room: 'talk', strike: doubt },
  { name: 'offline', room: 'talk', strike: goOffline },
  { name: 'server gone', room: 'talk', strike: loseServer },
  { name: 'put out', room: 'talk', strike: bePutOut },
  { name: 'storage blocked', room: 'talk', keeps: 'nothing', strike: speakInMemory },
];

async function takeWrongName({ page }: Sitting): Promise<void> {
  await page.locator('.card input').fill('가');
  await page.locator('.card .go').click();
  await page.locator('.card .wrong').waitFor();
}

async function scrollTo({ page }: Sitting, part: number): Promise<void> {
  await page.locator('.log').evaluate((log, part) => { log.scrollTop = (log.scrollHeight - log.clientHeight) * part; }, part);
  await page.locator('.latest').waitFor();
}

/** Had read up to the fifth message. */
async function comeBack({ page, lang }: Sitting): Promise<void> {
  await page.addInitScript((key) => localStorage.setItem(key, '5'), `aside:seen:${JSON.stringify(['', `talk-${lang}`])}`);
  await page.reload();
  await page.locator('.status.live').waitFor();
  await page.locator('.mark').scrollIntoViewIfNeeded();
}

/** It stays on its way, so that the next picture has not got it. */
async function react({ page, wire }: Sitting): Promise<void> {
  wire.hold();
  await page.locator('.mine [data-emoji]').last().click();
  await page.locator('[aria-pressed="true"]').waitFor();
}

async function pointAt({ page }: Sitting): Promise<void> {
  await page.locator('.theirs .text').last().hover();
}

async function say({ page }: Sitting, text: string): Promise<void> {
  await page.locator('.composer textarea').fill(text);
  await page.locator('.send').click();
}

async function beSending(sitting: Sitting): Promise<void> {
  sitting.wire.hold();
  await say(sitting, sitting.lang === 'ko' ? '이 말은 아직 가는 중이에요' : 'These words are still on their way');
  await sitting.page.locator('.line.sending').waitFor();
}

/** A control character cannot be said: the server itself refuses it. */
async function fail(sitting: Sitting): Promise<void> {
  await say(sitting, sitting.lang === 'ko' ? '서버가 받지 않는 말\u0007' : 'Words the server does not take\u0007');
  await sitting.page.locator('.line.failed').waitFor();
}

async function openMenu({ page }: Sitting, whose: '.mine' | '.theirs'): Promise<void> {
  const line = page.locator(`.line${whose}[data-n]`).last();
  await line.focus();
  await line.press('Enter');
  await page.locator('dialog[open] .item').first().waitFor();
}

function item({ page }: Sitting, name: string): Locator {
  return page.locator('dialog').getByRole('button', { name, exact: true });
}

async function reply(sitting: Sitting): Promise<void> {
  await openMenu(sitting, '.theirs');
  await item(sitting, sitting.words.reply).click();
  await sitting.page.locator('.purpose').waitFor();
  await sitting.page.locator('.composer textarea').fill(sitting.lang === 'ko' ? '그럼 같이 해요' : 'Then let us');
}

async function rewrite(sitting: Sitting): Promise<void> {
  await openMenu(sitting, '.mine');
  await item(sitting, sitting.words.edit).click();
  await sitting.page.locator('.purpose').waitFor();
}

async function call({ page, lang }: Sitting): Promise<void> {
  await page.locator('.composer textarea').pressSequentially(`@${sampleOf(lang).people[1]?.nick.slice(0, 1)}`);
  await page.getByRole('option').first().waitFor();
}

async function writeMuch({ page, lang }: Sitting): Promise<void> {
  const words = lang === 'ko' ? '길게 쓰는 말은 남은 글자 수를 보여 주고 네댓 줄까지 자라다가 그 안에서 움직인다. ' : 'A long text shows how much is left, grows for a few lines and then scrolls within. ';
  await page.locator('.composer textarea').fill(words.repeat(60).slice(0, 1_880));
  await page.locator('.left').waitFor();
}

async function beginDeleting(sitting: Sitting): Promise<void> {
  await openMenu(sitting, '.mine');
  await item(sitting, sitting.words.remove).click();
  await sitting.page.locator('.sure').waitFor();
}

async function openEmoji(sitting: Sitting): Promise<void> {
  await openMenu(sitting, '.theirs');
  await item(sitting, sitting.words.moreEmoji).click();
  await sitting.page.locator('.grid').waitFor();
}

async function openPeople({ page }: Sitting): Promise<void> {
  await page.locator('.status').click();
  await page.locator('dialog li').nth(1).waitFor();
}

async function openProfile({ page }: Sitting): Promise<void> {
  await page.locator('.composer .me').click();
  await page.locator('dialog .card').waitFor();
}

async function beginForgetting(sitting: Sitting): Promise<void> {
  await openProfile(sitting);
  await item(sitting, sitting.words.forget).click();
  await sitting.page.locator('.sure').waitFor();
}

async function letOtherWrite({ page, other }: Sitting): Promise<void> {
  other.send({ t: 'typing' });
  await page.locator('.typing:not(:empty)').waitFor();
}

async function goOffline(sitting: Sitting): Promise<void> {
  await sitting.context.setOffline(true);
  await sitting.wire.cut(1001);
  await sitting.page.locator('.status.offline').waitFor();
}

async function loseServer({ page, wire }: Sitting): Promise<void> {
  await wire.cut(1001);
  await page.locator('.status.joining').waitFor();
  await page.locator('.notice').waitFor();
}

async function doubt({ page, wire }: Sitting): Promise<void> {
  wire.tell({ t: 'beat', rev: 0, old: 31 });
  await page.locator('.status.doubtful').waitFor();
}

async function bePutOut({ page, wire }: Sitting): Promise<void> {
  await wire.cut(4505);
  await page.locator('.notice').waitFor();
}

async function speakInMemory({ page }: Sitting): Promise<void> {
  await page.locator('.card .go').click();
  await page.locator('.composer').waitFor();
  await page.locator('.notice').waitFor();
}
