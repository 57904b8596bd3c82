import { Component, createRef } from 'preact';
import { react } from '../react.ts';
import type { Scene, Sheet } from '../scene.ts';
import { Dialog } from './Dialog.tsx';
import { wordsFor } from './words.ts';

type Props = { scene: Scene; sheet: Extract<Sheet, { t: 'emoji' }> };

const emoji = ('👍 👎 ❤️ 🧡 💛 💚 💙 💜 🖤 🤍 💔 💯 🔥 ✨ ⭐ 🎉 🎊 🥳 👏 🙌 🙏 💪 🤝 👌 ✌️ 🤞 🤟 🫶 👋 👀 '
  + '😀 😄 😁 😆 😅 😂 🤣 😊 🙂 😉 😍 🥰 😘 😋 😜 🤪 🤗 🤭 🫢 🤔 🫡 🤨 😐 😑 🙄 😏 😴 😌 🥲 😢 😭 😤 😠 🤯 😱 😳 🥺 😬 😮 😵 🤒 😎 🤓 🥸 🤖 👻 '
  + '🐶 🐱 🦝 🦊 🐻 🐼 🐨 🐯 🦁 🐰 🐹 🐸 🐧 🦉 🦆 🐢 🐳 🦔 🦦 🐝 🌱 🌸 🌈 ☀️ 🌙 ☁️ ❄️ ⚡ '
  + '☕ 🍵 🍺 🍻 🍷 🍰 🍕 🍜 🍚 🍎 🍓 ⚽ 🏆 🎯 🎮 🎵 🎸 📚 ✏️ 💻 📷 🚀 🚗 🏠 💡 🔔 📌 ✅ ❌ ❓ ❗ 💤').split(' ');

/** All the emoji there are for a reaction here; a keyboard of the system knows the others. Arrows go about in the grid. */
export class EmojiSheet extends Component<Props, { at: number }> {
  override state = { at: 0 };
  #grid = createRef<HTMLDivElement>();

  #move = (event: KeyboardEvent): void => {
    const grid = this.#grid.current;
    const columns = grid ? getComputedStyle(grid).gridTemplateColumns.split(' ').length : 1;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (!step || !grid) return;
    event.preventDefault();
    const at = Math.min(Math.max(this.state.at + step, 0), emoji.length - 1);
    this.setState({ at });
    (grid.children[at] as HTMLElement).focus();
  };

  override render({ scene, sheet: { n, at } }: Props, { at: chosen }: { at: number }) {
    const words = wordsFor(scene);
    return (
      <Dialog scene={scene} title={words.react} kind="emoji" at={at}>
        {/* biome-ignore lint/a11y/useSemanticElements: a group of buttons, not of fields */}
        <div class="grid" ref={this.#grid} role="group" aria-label={words.react} onKeyDown={this.#move}>
          {emoji.map((one, i) => (
            <button
              key={one}
              type="button"
              tabIndex={i === chosen ? 0 : -1}
              onClick={() => { react(scene, n, one); scene.sheet.value = null; }}
            >
              {one}
            </button>
          ))}
        </div>
      </Dialog>
    );
  }
}
