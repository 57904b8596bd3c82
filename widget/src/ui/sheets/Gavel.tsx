import type { Message } from '../items.ts';
import type { Scene } from '../scene.ts';
import { judge } from './judge.ts';
import { wordsFor } from './words.ts';

const MUTES_S = [10, 60, 600, 3_600, 86_400];

type Props = { scene: Scene; message: Message; n: number; then: (act: () => void) => () => void };

/** In a message's menu, what a moderator may do with it and with who wrote it. */
export function Gavel({ scene, message, n, then }: Props) {
  const { mod } = wordsFor(scene);
  const { author: who, nick, mine, pinned, answered } = message;
  return (
    <div class="gavel">
      <button type="button" class="item" onClick={then(() => void judge(scene, { t: 'mod', do: 'pin', n, on: !pinned }, pinned ? mod.unpinned : mod.pinned))}>{pinned ? mod.unpin : mod.pin}</button>
      <button type="button" class="item" onClick={then(() => void judge(scene, { t: 'mod', do: 'answer', n, on: !answered }, answered ? mod.unanswered : mod.answered))}>{answered ? mod.unanswer : mod.answer}</button>
      {!mine && (
        <>
          <button type="button" class="item danger" onClick={then(() => void judge(scene, { t: 'delete', n }, mod.taken))}>{mod.take}</button>
          <fieldset class="mutes">
            <legend>{mod.mute}</legend>
            {MUTES_S.map((seconds) => <button key={seconds} type="button" onClick={then(() => void judge(scene, { t: 'mod', do: 'mute', who, seconds }, mod.muted(nick, mod.spans[seconds] ?? '')))}>{mod.spans[seconds]}</button>)}
          </fieldset>
          <button type="button" class="item danger" onClick={() => { scene.sheet.value = { t: 'ban', n }; }}>{mod.ban}</button>
        </>
      )}
    </div>
  );
}
