import { h, render } from 'preact';
import type { Judgement } from '../../state/gavel.ts';
import type { Scene } from '../scene.ts';
import { wordsFor } from './words.ts';

/** So long what was done can be undone at hand; later by the audit. */
const UNDO_MS = 10_000;
const TELL_MS = 3_000;
const GAP_PX = 6;
let place: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Does it, and says what came of it where the hand that did it can take it back. */
export async function judge(scene: Scene, act: Judgement, done: string): Promise<void> {
  const verdict = await scene.store?.gavel.do(act);
  const { mod } = wordsFor(scene);
  const undo = verdict?.t === 'ok' && verdict.act !== undefined && (act.t === 'delete' || (act.t === 'mod' && (act.do === 'ban' || act.do === 'mute'))) ? verdict.act : null;
  tell(verdict?.t === 'ok' ? done : mod.failed, undo === null ? null : { label: mod.undo, do: () => void judge(scene, { t: 'mod', do: 'undo', of: undo }, mod.undone) });
}

/** Says it above what is written, with a way back for as long as it stands there. */
export function tell(text: string, hand: { label: string; do(): void } | null): void {
  place ??= document.body.appendChild(Object.assign(document.createElement('div'), { className: 'told' }));
  clearTimeout(timer);
  // Above what is written, which it must not cover.
  place.style.bottom = `${(document.querySelector('footer')?.offsetHeight ?? 0) + GAP_PX}px`;
  const draw = (shown: boolean): void => render(shown ? h('p', { role: 'status' }, h('span', null, text), hand && h('button', { type: 'button', onClick: hand.do }, hand.label)) : null, place as HTMLElement);
  draw(true);
  timer = setTimeout(draw, hand ? UNDO_MS : TELL_MS, false);
}
