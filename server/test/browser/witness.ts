/** What a page shows of its connection and of its reader's own words, noted from inside at every change, so that nothing falls between two looks. */
export type Noted = {
  /** The header's line and the one above the composer, whenever either changes. */
  lines: { at: number; status: string; notice: string }[];
  /** Of each own message, by its words: what stood with it, whenever that changed. */
  fates: Record<string, Fate[]>;
  /** Every message that was shown, and how often at most it stood there at once. */
  shown: Record<string, number>;
  /** When sockets ended, and by which code; when one was first heard. */
  ends: { at: number; code: number }[];
  heard: number[];
};
/** `state` is empty for what is saved; times are of `Date.now`. */
export type Fate = { at: number; state: string; words: string };

/** Runs in the page before anything of it. A binding of this name, where there is one, hears of sockets that ended. */
export const ON_LOSS = 'asideLost';

export function bearWitness(): void {
  const noted = { lines: [] as { at: number; status: string; notice: string }[], fates: {} as Record<string, { at: number; state: string; words: string }[]>, shown: {} as Record<string, number>, ends: [] as { at: number; code: number }[], heard: [] as number[] };
  Object.assign(globalThis, { noted });

  function look(): void {
    const at = Date.now();
    const status = document.querySelector('.status')?.classList.item(1) ?? '';
    const notice = document.querySelector('.notice')?.textContent ?? '';
    const last = noted.lines.at(-1);
    if (last?.status !== status || last.notice !== notice) noted.lines.push({ at, status, notice });
    const now: Record<string, number> = {};
    for (const line of document.querySelectorAll('.line')) {
      const text = line.querySelector('.text')?.textContent ?? '';
      now[text] = (now[text] ?? 0) + 1;
      if (line.classList.contains('mine')) noteFate(line, text, at);
    }
    for (const [text, times] of Object.entries(now)) noted.shown[text] = Math.max(noted.shown[text] ?? 0, times);
  }

  function noteFate(line: Element, text: string, at: number): void {
    const state = ['sending', 'sent', 'held', 'failed'].find((one) => line.classList.contains(one)) ?? '';
    const words = state === '' ? '' : line.querySelector('.fate')?.textContent ?? '';
    const fates = noted.fates[text] ??= [];
    const last = fates.at(-1);
    if (last?.state !== state || last.words !== words) fates.push({ at, state, words });
  }

  const Plain = WebSocket;
  globalThis.WebSocket = class extends Plain {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', () => noted.heard.push(Date.now()), { once: true });
      this.addEventListener('close', ({ code }) => {
        noted.ends.push({ at: Date.now(), code });
        (globalThis as unknown as { asideLost?: () => void }).asideLost?.();
      });
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ['class'] });
}

/** Spans in which a line told the reader of a trouble, one after the other; of one that still stands, until `end`. */
export function findTroubles({ lines }: Pick<Noted, 'lines'>, end: number): { what: string; ms: number }[] {
  const troubles: { what: string; from: number; ms: number }[] = [];
  let open: { what: string; from: number } | null = null;
  for (const { at, status, notice } of [...lines, { at: end, status: '', notice: '' }]) {
    const what = [TROUBLES.has(status) ? status : '', notice].filter(Boolean).join(', ');
    if (what !== '') open ??= { what, from: at };
    else if (open) {
      troubles.push({ ...open, ms: at - open.from });
      open = null;
    }
  }
  return troubles.map(({ what, ms }) => ({ what, ms }));
}
const TROUBLES: ReadonlySet<string> = new Set(['joining', 'offline', 'doubtful', 'closed']);

/** Words of which it ever said anything but that they are being sent. */
export function findUnsent({ fates }: Pick<Noted, 'fates'>, sending: string): { text: string; said: string }[] {
  return Object.entries(fates).flatMap(([text, all]) => {
    const bad = all.find(({ state, words }) => state === 'failed' || state === 'held' || (state === 'sending' && words !== sending));
    return bad ? [{ text, said: `${bad.state} ${bad.words}` }] : [];
  });
}

/** How long each of the own words stood as being sent; of one that still is, until `end`. */
export function findSendings({ fates }: Pick<Noted, 'fates'>, end: number): number[] {
  return Object.values(fates).map((all) => (all.find(({ state }) => state === '')?.at ?? end) - (all[0]?.at ?? end));
}

/** Spans in which there was no socket on which a server had spoken; the last may still last. */
export function findGaps({ ends, heard }: Pick<Noted, 'ends' | 'heard'>, end: number): { from: number; to: number }[] {
  const gaps = ends.map(({ at }) => ({ from: at, to: heard.find((one) => one >= at) ?? end }));
  // Dials that failed before a server spoke are of the same gap.
  return gaps.filter(({ to }, i) => gaps[i - 1]?.to !== to);
}

/** Own words that were first shown while there was no such socket. */
export function findSaidInGaps(noted: Noted, end: number): string[] {
  const gaps = findGaps(noted, end);
  return Object.entries(noted.fates).flatMap(([text, [first]]) => (gaps.some(({ from, to }) => first && first.at >= from && first.at < to) ? [text] : []));
}
