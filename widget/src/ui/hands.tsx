import { render } from 'preact';
import { react } from './react.ts';
import type { Scene } from './scene.ts';
import { isAtEnd } from './stick.ts';
import { type Pointed, Tools } from './Tools.tsx';

/** A finger that rests this long asks for the menu. */
const LONG_PRESS_MS = 450;
/** One that moved further than this scrolls. */
const STILL_PX = 10;
/** A pointer that rests this long no longer aims. */
const AIMS_MS = 4_000;
/** One that leaves may only pass between two lines. */
const LEAVES_MS = 300;

/** What stands beside a message, with a little room around it. */
const TOOLS_PX = 120;

/** What hands do to messages, heard once for all lines: pointer, finger, keys. */
export function listenToHands(root: HTMLElement, scene: Scene): void {
  const place = root.appendChild(document.createElement('div'));
  const point = (at: Pointed | null): void => render(at && (scene.reader.me.value.nick || scene.reader.role.value !== 'reader') ? <Tools scene={scene} at={at} /> : null, place);
  let press: { timer: ReturnType<typeof setTimeout>; x: number; y: number } | undefined;
  /** A long press ends with a click on what now lies under the finger. */
  let held = false;
  let aim: ReturnType<typeof setTimeout> | undefined;
  /** Where a moderator aims while the list is at its end, it stands as if they read above, until they no longer do. */
  const hold = (aims: boolean): void => {
    const log = root.querySelector('.log');
    clearTimeout(aim);
    aim = setTimeout(follow, aims ? AIMS_MS : LEAVES_MS);
    if (!aims || !log || scene.still || scene.reader.role.value === 'reader' || !isAtEnd(log) || log.scrollTop === 0) return;
    scene.still = true;
    log.scrollTop -= 1;
  };
  const follow = (): void => {
    if (scene.still) scene.toEnd.value += 1;
    scene.still = false;
  };

  const open = (t: 'message' | 'emoji', n: number, x: number, top: number, bottom = top) => {
    point(null);
    scene.sheet.value = { t, n, at: { x, top, bottom } };
  };

  root.addEventListener('click', (event) => {
    const button = closest(event.target, '[data-do], [data-emoji]');
    const n = numberOf(event.target);
    if (!button || n === null) return;
    const { do: deed, emoji } = button.dataset;
    if (emoji !== undefined) react(scene, n, emoji);
    else if (deed === 'reply') scene.reply(n);
    else if (deed === 'message' || deed === 'emoji') open(deed, n, event.clientX, event.clientY);
  });

  const move = ({ target, pointerType }: PointerEvent): void => {
    if (pointerType !== 'mouse') return;
    const line = closest(target, '.line[data-n]');
    const n = numberOf(line);
    hold(n !== null || closest(target, '.tools') !== null);
    if (closest(target, '.tools, dialog')) return;
    point(n !== null && line ? { n, ...beside(line) } : null);
  };
  // A list that scrolls under a resting pointer brings other lines to it, or another part of the same one, of which only the next move tells.
  for (const name of ['pointerover', 'pointermove'] as const) root.addEventListener(name, move);
  root.addEventListener('pointerleave', () => {
    hold(false);
    point(null);
  });
  root.addEventListener('scroll', () => { if (!scene.still) point(null); }, { capture: true, passive: true });
  // Who scrolls is not brought back.
  for (const name of ['wheel', 'keydown'] as const) root.addEventListener(name, () => { scene.still = false; }, { capture: true, passive: true });

  root.addEventListener('touchstart', ({ target, touches: [touch], touches }) => {
    clearTimeout(press?.timer);
    const n = numberOf(closest(target, '.line[data-n]'));
    if (!touch || touches.length > 1 || n === null || closest(target, 'a, button')) return;
    const { clientX: x, clientY: y } = touch;
    held = false;
    press = { x, y, timer: setTimeout(() => { held = true; open('message', n, x, y); }, LONG_PRESS_MS) };
  }, { passive: true });
  root.addEventListener('touchmove', ({ touches: [touch] }) => {
    if (press && touch && Math.hypot(touch.clientX - press.x, touch.clientY - press.y) > STILL_PX) clearTimeout(press.timer);
  }, { passive: true });
  root.addEventListener('touchend', (event) => {
    clearTimeout(press?.timer);
    if (held) event.preventDefault();
    held = false;
  });
  root.addEventListener('touchcancel', () => clearTimeout(press?.timer));

  root.addEventListener('keydown', (event) => {
    const log = closest(event.target, '.log');
    if (!log || event.altKey || event.ctrlKey || event.metaKey) return;
    const line = closest(event.target, '.line');
    const n = numberOf(line);
    if (event.key === 'Enter' && event.target === line && n !== null) {
      const { top, bottom } = (line as HTMLElement).getBoundingClientRect();
      open('message', n, line?.querySelector('.text')?.getBoundingClientRect().left ?? 0, top, bottom);
    } else if (!rove(log, line, event.key)) return;
    event.preventDefault();
  });
}

/** At the end of the line, over its upper edge; beside a bubble, whose words they would hide. */
function beside(line: HTMLElement): { top: number; right: number } {
  const [box, text, log] = [line, line.querySelector('.text'), line.closest('.log')].map((one) => one?.getBoundingClientRect()) as [DOMRect, DOMRect, DOMRect];
  const hides = line.matches('.mine') && text.left > TOOLS_PX;
  return { top: Math.max(log.top + 4, hides ? text.top + 2 : box.top - 16), right: innerWidth - (hides ? text.left - 6 : box.right) };
}

/** Arrows go from message to message; the first one begins at the newest. */
function rove(log: HTMLElement, line: HTMLElement | null, key: string): boolean {
  if (key === 'Escape' && line) {
    log.focus();
    return true;
  }
  const lines = [...log.querySelectorAll<HTMLElement>('.line')];
  const at = line ? lines.indexOf(line) : lines.length;
  const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: lines.length - 1 }[key];
  if (next === undefined) return false;
  lines[Math.min(Math.max(next, 0), lines.length - 1)]?.focus();
  return true;
}

function numberOf(target: EventTarget | null): number | null {
  const n = Number(closest(target, '[data-n]')?.dataset.n);
  return n > 0 ? n : null;
}

function closest(target: EventTarget | null, selector: string): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(selector) : null;
}
