import type { Scene } from './scene.ts';
import { readStatus } from './status.ts';
import { tellCount } from './time.ts';

export function Header({ scene }: { scene: Scene }) {
  const words = scene.words();
  const { here, doubtful } = scene.store.room.value;
  const status = readStatus(scene.store.link.value.at, scene.online.value, doubtful);
  return (
    <header>
      <h1 title={scene.title()}>{scene.title()}</h1>
      <button type="button" class={`status ${status}`} aria-haspopup="dialog" onClick={() => { scene.sheet.value = { t: 'people' }; }}>
        <i class="dot" />
        <span role="status">{status === 'live' ? words.people(tellCount(here ?? 1, scene.config.value.lang)) : words[status]}</span>
      </button>
    </header>
  );
}
