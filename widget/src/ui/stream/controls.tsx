import { Icon } from '../Icon.tsx';
import type { Playing } from './play.ts';
import type { StreamWords } from './words.ts';

const SOUND = 'M4 10v4h3.500L12 18V6L7.500 10ZM15.500 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11';
export const SILENT = 'M4 10v4h3.500L12 18V6L7.500 10ZM16 10l4.500 4.500M20.500 10 16 14.500';
/** Nearer to the newest picture than this is live. */
const LIVE_WITHIN_S = 6;
/** Less than this is not worth a bar. */
const BACK_MIN_S = 5;

export function isLate(behind: number): boolean {
  return behind > LIVE_WITHIN_S;
}

/** Where the picture is in what can be seen: from its beginning in a recording, from now in what is live. */
export function Seek({ playing: { at, from, to, behind }, words, seek, goLive }: { playing: Playing; words: StreamWords; seek: (to: number) => void; goLive: () => void }) {
  const span = Math.round(to - from);
  if (span < (behind === null ? 1 : BACK_MIN_S)) return null;
  const recorded = behind === null;
  const late = recorded || isLate(behind);
  const value = recorded ? Math.round(at - from) : late ? -Math.round(behind) : 0;
  const go = (chosen: number) => (recorded ? seek(from + chosen) : chosen === 0 ? goLive() : seek(to + chosen));
  return (
    <input type="range" class="seek" aria-label={words.seek} aria-valuetext={recorded ? clockOf(value) : late ? words.behind(-value) : words.live}
      min={recorded ? 0 : -span} max={recorded ? span : 0} step="1" value={value} style={{ '--done': share(recorded ? value / span : 1 + value / span) }} onInput={({ currentTarget }) => go(Number(currentTarget.value))} />
  );
}

/** A phone's own keys turn its volume; where a pointer hovers there is a bar for it. */
export function Sound({ playing: { muted, volume }, words, toggle, turn }: { playing: Playing; words: StreamWords; toggle: () => void; turn: (volume: number) => void }) {
  const loud = muted ? 0 : volume;
  return (
    <>
      <button type="button" onClick={toggle} aria-label={muted ? words.unmute : words.mute}><Icon d={loud === 0 ? SILENT : SOUND} /></button>
      <input type="range" class="volume" aria-label={words.volume} min="0" max="1" step="0.05" value={loud} style={{ '--done': share(loud) }} aria-valuetext={`${Math.round(loud * 100)}%`} onInput={({ currentTarget }) => turn(Number(currentTarget.value))} />
    </>
  );
}

/** One of several, or none of them. */
export function Choice({ kind, name, none, all, chosen, choose }: { kind: string; name: string; none: string; all: readonly string[]; chosen: number; choose: (which: number) => void }) {
  if (all.length === 0) return null;
  return (
    <select class={kind} aria-label={name} value={String(chosen)} onChange={({ currentTarget }) => choose(Number(currentTarget.value))}>
      <option value="-1">{none}</option>
      {all.map((one, i) => <option key={i} value={String(i)}>{one}</option>)}
    </select>
  );
}

function share(part: number): string {
  return `${Math.round(part * 100)}%`;
}

export function clockOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  return `${hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}` : minutes}:${String(rest).padStart(2, '0')}`;
}
