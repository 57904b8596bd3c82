import type { Scene } from './scene.ts';
import { readStatus } from './status.ts';
import { tellCount } from './time.ts';

export function Header({ scene }: { scene: Scene }) {
  const words = scene.words();
  const { here } = scene.view.room.value;
  const status = readStatus(scene.view, scene.online.value);
  return (
    <header>
      <h1 title={scene.title()}>{scene.title()}</h1>
      <p class={`status ${status}`}>
        {status !== 'quiet' && <i class="dot" />}
        <span role="status">{status === 'live' ? words.people(tellCount(here ?? 1, scene.config.value.lang)) : status !== 'quiet' && words[status]}</span>
        <button type="button" class="cover" aria-haspopup="dialog" aria-label={words.present} onClick={() => { scene.sheet.value = { t: 'people' }; }} />
      </p>
    </header>
  );
}
