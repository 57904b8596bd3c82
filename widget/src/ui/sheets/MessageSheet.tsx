import { reportReasons } from '@aside/server/protocol';
import { Component } from 'preact';
import { react } from '../react.ts';
import { addressOf } from '../address.ts';
import { Icon } from '../Icon.tsx';
import type { Message } from '../items.ts';
import type { Scene, Anchor } from '../scene.ts';
import { Dialog } from './Dialog.tsx';
import { deskWords } from './desk-words.ts';
import { Gavel } from './Gavel.tsx';
import { hidePerson } from './HiddenSheet.tsx';
import { judge, tell } from './judge.ts';
import { wordsFor } from './words.ts';

/** Near at hand for a message. */
const SIX = ['👍', '❤️', '😂', '🎉', '😮', '😢'];

type Props = { scene: Scene; n: number; at: Anchor | null };

/** What can be done with one message. */
export class MessageSheet extends Component<Props, { sure: boolean; reporting: boolean }> {
  override state = { sure: false, reporting: false };

  #then = (act: () => void) => (): void => {
    this.props.scene.sheet.value = null;
    act();
  };

  #hide({ author, nick }: Message): void {
    const { scene } = this.props;
    const { hidden, mod } = wordsFor(scene);
    const show = hidePerson(scene, author, nick);
    const back = (): void => {
      show();
      tell(mod.undone, null);
    };
    tell(hidden.done(nick), { label: mod.undo, do: back });
  }

  override render({ scene, n, at }: Props, { sure, reporting }: { sure: boolean; reporting: boolean }) {
    const words = { ...scene.words(), ...wordsFor(scene) };
    const message = scene.message(n);
    // Deleted while its menu was open.
    if (!message) return null;
    const speaks = scene.reader.me.value.nick !== null;
    const own = (emoji: string): boolean => message.reactions.some((one) => one.own && one.emoji === emoji);
    return (
      <Dialog scene={scene} title={message.mine ? words.me : message.nick} kind="menu" at={at}>
        {speaks && (
          <p class="six">
            {SIX.map((emoji) => <button key={emoji} type="button" aria-pressed={own(emoji)} aria-label={`${words.react}: ${emoji}`} onClick={this.#then(() => react(scene, n, emoji))}>{emoji}</button>)}
            <button type="button" aria-label={words.moreEmoji} onClick={() => { scene.sheet.value = { t: 'emoji', n, at }; }}><Icon d="M12 5v14M5 12h14" /></button>
          </p>
        )}
        {speaks && <button type="button" class="item" onClick={this.#then(() => scene.reply(n))}>{words.reply}</button>}
        <button type="button" class="item" onClick={this.#then(() => copy(message.text))}>{words.copy}</button>
        <button type="button" class="item" onClick={this.#then(() => copy(linkTo(scene, n)))}>{words.copyLink}</button>
        {message.mine && !sure && <button type="button" class="item" onClick={this.#then(() => scene.edit(message))}>{words.edit}</button>}
        {message.mine && !sure && <button type="button" class="item danger" onClick={() => this.setState({ sure: true })}>{words.remove}</button>}
        {!message.mine && speaks && !reporting && scene.reader.role.value === 'reader' && <button type="button" class="item" onClick={() => this.setState({ reporting: true })}>{words.report}</button>}
        {!message.mine && !reporting && <button type="button" class="item" onClick={this.#then(() => this.#hide(message))}>{words.hidden.hide}</button>}
        {reporting && (
          <fieldset class="mutes">
            <legend>{words.reportWhy}</legend>
            {reportReasons.map((reason) => <button key={reason} type="button" onClick={this.#then(() => void judge(scene, { t: 'report', n, reason }, words.reportDone))}>{deskWords[scene.config.value.lang].reasons[reason]}</button>)}
          </fieldset>
        )}
        {scene.reader.role.value !== 'reader' && <Gavel scene={scene} message={message} n={n} then={this.#then} />}
        {sure && (
          <p class="sure" role="alert">
            <span>{words.removeSure}</span>
            <button type="button" class="plain" onClick={() => { scene.sheet.value = null; }}>{words.cancel}</button>
            <button type="button" class="go danger" onClick={this.#then(() => scene.store?.act({ t: 'delete', n }))}>{words.remove}</button>
          </p>
        )}
      </Dialog>
    );
  }
}

/** A frame may be denied the clipboard; the old way still works there. */
function copy(text: string): void {
  navigator.clipboard?.writeText(text).catch(() => {
    const area = document.body.appendChild(document.createElement('textarea'));
    area.value = text;
    area.select();
    document.execCommand('copy');
    area.remove();
  });
}

/** Where a message can be found by anybody: in the room's own page. */
function linkTo({ page }: Scene, n: number): string {
  const url = new URL(`/room/${encodeURIComponent(page.room)}${addressOf(n)}`, location.href);
  if (page.site) url.searchParams.set('site', page.site);
  return url.href;
}
