import { h, render } from 'preact';

const UNDO_MS = 10_000;
const TELL_MS = 3_000;
let place: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says what came of an act, with a way back for as long as it stands there. */
export function tell(text: string, hand?: { label: string; do(): void }): void {
  place ??= document.body.appendChild(Object.assign(document.createElement('div'), { className: 'told' }));
  clearTimeout(timer);
  const draw = (shown: boolean): void => render(shown ? h('p', { role: 'status' }, h('span', null, text), hand && h('button', { type: 'button', onClick: hand.do }, hand.label)) : null, place as HTMLElement);
  draw(true);
  timer = setTimeout(draw, hand ? UNDO_MS : TELL_MS, false);
}
