import t from 'tap';
import { findBarriers } from '../browser/axe.ts';
import { findSmall } from '../browser/targets.ts';
import { openTheatre, plays } from '../browser/theatre.ts';
import { openClient, person } from '../support/client.ts';

t.setTimeout(240_000);
const theatre = await openTheatre();
const { origin, server } = theatre;
t.teardown(() => theatre.close());

/** What browsers do that play nothing until somebody asks for it: not even what is silent. */
const refuse = (): void => {
  const { play } = HTMLMediaElement.prototype;
  let pressed = false;
  for (const press of ['pointerdown', 'keydown']) addEventListener(press, ({ isTrusted }) => { pressed ||= isTrusted; }, true);
  HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
    return pressed ? play.call(this) : Promise.reject(new DOMException('play() failed because the user did not interact with the document first.', 'NotAllowedError'));
  };
};

t.test('where a browser plays nothing by itself a large button asks, and the words wait for no picture that was never shown', async (t) => {
  await theatre.show('asks');
  const fox = await openClient(server.ws, { room: 'asks', ...person('졸린 여우') });
  t.teardown(() => fox.close());
  const { page, errors } = await theatre.visit(t, 'asks', { script: refuse });
  const begin = page.getByRole('button', { name: '방송 재생하기' });
  await begin.waitFor();
  t.equal(await page.locator('.cue:empty').count(), 1, 'nothing says that it is loading');
  await fox.say('아직 아무것도 안 보여요');
  await page.getByText('아직 아무것도 안 보여요').waitFor();
  t.same(await findBarriers(page), []);
  await begin.click();
  await plays(page);
  await begin.waitFor({ state: 'detached' });
  t.same(errors, []);
});

t.test('who comes late to a live stream goes back in it by pointer, is told how far, and returns with one press', async (t) => {
  await theatre.show('back', '/live/master.m3u8?back=60');
  const { page, errors } = await theatre.visit(t, 'back', { width: 360 });
  await plays(page);
  const bar = page.getByRole('slider', { name: '재생 위치' });
  await bar.waitFor();
  t.equal(await bar.getAttribute('aria-valuetext'), '라이브');
  const box = await bar.boundingBox();
  await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
  const late = page.locator('.edge.late');
  await late.waitFor();
  t.match(await late.textContent(), /^라이브로 이동 (1[5-9]|2\d|3\d)초 늦음$/);
  t.match(await bar.getAttribute('aria-valuetext'), /초 늦음$/);
  await plays(page);
  t.same((await findSmall(page)).small, []);
  t.same(await findBarriers(page), []);
  const reaches = await page.evaluate(() => [(document.querySelector('.unmute')?.getBoundingClientRect().left ?? 0), innerWidth * 330 / 640]);
  t.ok((reaches[0] ?? 0) > (reaches[1] ?? 0), 'the button for the sound leaves the clock in the picture alone');
  for (const width of [320, 360, 560, 600, 768, 819, 820, 900, 1_119, 1_200]) {
    await page.setViewportSize({ width, height: 700 });
    t.same(await page.evaluate(() => {
      const stream = document.querySelector('.stream')?.getBoundingClientRect();
      return [...document.querySelectorAll('.controls > :not(.space)')].filter((one) => one.checkVisibility()).flatMap((one) => {
        const { left, right, top, bottom } = one.getBoundingClientRect();
        return stream && left >= stream.left && right <= stream.right && top >= stream.top && bottom <= stream.bottom + 1 ? [] : [`${one.className || one.getAttribute('aria-label')} ends at ${Math.round(right)}, ${Math.round(bottom)}`];
      });
    }), [], `at ${width} px every control is in the player`);
  }
  await late.click();
  await late.waitFor({ state: 'detached' });
  await plays(page);
  await bar.press('ArrowLeft');
  t.same(errors, []);
});

t.test('what is around a picture that only goes on is not drawn again', async (t) => {
  await theatre.show('calm', '/live/master.m3u8?back=60');
  const { page } = await theatre.visit(t, 'calm');
  await plays(page);
  await page.locator('.unmute').waitFor();
  const changes = await page.evaluate(async () => {
    const seen: string[] = [];
    const video = document.querySelector('video');
    const stream = document.querySelector('.stream');
    if (!video || !stream) return ['no picture'];
    new MutationObserver((all) => seen.push(...all.map(({ target, attributeName }) => `${(target as Element).className} ${attributeName ?? 'children'}`))).observe(stream, { subtree: true, childList: true, attributes: true, characterData: true });
    let told = 0;
    await new Promise<void>((settle) => video.addEventListener('timeupdate', () => { if ((told += 1) === 12) settle(); }));
    return seen;
  });
  t.ok(changes.length <= 3, `in three seconds of a live picture ${changes.length} changes: ${changes.join(', ')}`);
});

t.test('a way that becomes too slow for the chosen picture brings a smaller one and a sentence, and the chosen one comes back by itself', async (t) => {
  t.teardown(() => origin.slow(null));
  await theatre.show('slow');
  const { page } = await theatre.visit(t, 'slow', { width: 640 });
  await plays(page);
  await page.getByLabel('화질').selectOption({ label: '360p' });
  await page.waitForFunction(() => document.querySelector('video')?.videoHeight === 360);
  origin.slow(16_000);
  await page.getByText('연결이 느려서 화질을 잠시 낮췄어요').waitFor({ timeout: 60_000 });
  await page.waitForFunction(() => document.querySelector('video')?.videoHeight === 180, null, { timeout: 30_000 });
  t.equal(await page.getByLabel('화질').inputValue(), await page.getByLabel('화질').locator('option', { hasText: '360p' }).getAttribute('value'), 'what was chosen stays chosen');
  origin.slow(null);
  await page.getByText('연결이 느려서 화질을 잠시 낮췄어요').waitFor({ state: 'detached', timeout: 60_000 });
  await page.waitForFunction(() => document.querySelector('video')?.videoHeight === 360, null, { timeout: 30_000 });
});

t.test('a stream that is only heard says so, with its title, and has no black box', async (t) => {
  await theatre.show('heard', '/live/audio/media.m3u8', { title: '밤의 소리' });
  const { page, errors } = await theatre.visit(t, 'heard');
  await plays(page);
  await page.locator('.panel').getByText('소리만 나오는 방송이에요').waitFor();
  await page.locator('.panel').getByText('밤의 소리').waitFor();
  await page.getByText('라이브', { exact: true }).waitFor();
  t.equal(await page.locator('.inset').count(), 0, 'there is no picture to put into a window');
  t.same(await findBarriers(page), []);
  t.same(errors, []);
});

t.test('what is announced says when, leaves its origin alone until then, and begins by itself', async (t) => {
  t.teardown(() => origin.fail(null));
  origin.fail('503');
  const startsAt = Date.now() + 12_000;
  await theatre.show('soon', '/live/master.m3u8', { title: '오늘 밤', startsAt });
  const { page } = await theatre.visit(t, 'soon');
  const asked: number[] = [];
  page.on('request', (request) => { if (request.url().endsWith('index.m3u8')) asked.push(Date.now()); });
  await page.locator('.panel').getByText(/에 시작해요$/).waitFor();
  await page.locator('.panel').getByText('오늘 밤').waitFor();
  t.same(await findBarriers(page), []);
  await page.waitForFunction((at) => Date.now() > at, startsAt - 1_000);
  t.ok(asked.length <= 2, `asked ${asked.length} times before it began`);
  origin.fail(null);
  await plays(page, 30_000);
  t.ok(asked.every((at) => at < startsAt - 5_000 || at >= startsAt), 'not before its time');
  t.equal(await page.locator('.panel').count(), 0);
});

t.test('what is fetched is taken apart beside the page’s own thread, and the page’s policy lets no other program through', async (t) => {
  await theatre.show('beside');
  const { page, errors } = await theatre.visit(t, 'beside');
  await plays(page);
  t.equal(page.workers().length, 1);
  t.match(page.workers()[0]?.url(), /\/assets\/hls\.worker-[\w-]+\.js$/);
  t.same(errors, []);
  const tried = await page.evaluate(() => {
    const name = (act: () => unknown): string => {
      try {
        act();
        return 'let through';
      } catch (error) {
        return (error as Error).name;
      }
    };
    return [
      name(() => new Worker('/embed.js')),
      name(() => new Worker(URL.createObjectURL(new Blob(['1'])))),
      name(() => { document.createElement('script').src = '/embed.js'; }),
      name(() => { document.createElement('div').innerHTML = '<b>'; }),
    ];
  });
  t.same(tried, ['TypeError', 'TypeError', 'TypeError', 'TypeError']);
});

t.test('low latency comes through: a playlist that answers when it has something new, parts, and a nearer picture', async (t) => {
  const behind: Record<string, number> = {};
  for (const manner of ['live', 'low']) {
    await theatre.show(manner, `/${manner}/master.m3u8`);
    const fox = await openClient(server.ws, { room: manner, ...person('졸린 여우') });
    t.teardown(() => fox.close());
    const { page, errors } = await theatre.visit(t, manner);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await plays(page);
    await page.locator('.card input').fill('수줍은 고래');
    await page.locator('.card .go').click();
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0 && document.querySelector('.unmute'));
    await page.locator('textarea').fill('지금');
    await page.locator('textarea').press('Enter');
    const { rows } = await fox.next('rows', ({ rows }) => rows.some((row) => !row.deleted && row.text === '지금'));
    const row = rows.find((row) => !row.deleted && row.text === '지금');
    behind[manner] = row && !row.deleted ? row.at - (row.pic ?? 0) : Number.NaN;
    const blocking = asked.filter((url) => url.includes('_HLS_msn=')).length;
    const parts = asked.filter((url) => url.includes('/part/')).length;
    t.equal(blocking > 0 && parts > 0, manner === 'low', `${manner}: ${blocking} blocking reloads, ${parts} parts`);
    t.same(errors, []);
  }
  t.comment(`the picture is ${behind.live} ms behind, with low latency ${behind.low} ms`);
  t.ok((behind.low ?? 0) < (behind.live ?? 0) - 1_000 && (behind.low ?? 0) < 4_500, `${behind.low} ms against ${behind.live} ms`);
});
