import { Component, type ComponentType } from 'preact';
import type { Scene, Sheet } from './scene.ts';

type Props = { scene: Scene; sheet: Sheet | null };
type Drawing = ComponentType<{ scene: Scene; sheet: Sheet }>;

const drawings = new Map<boolean, Drawing>();

/** What lies over the conversation is fetched when it is first asked for; the emoji, which few ask for, by themselves. */
export class SheetHost extends Component<Props> {
  override render({ scene, sheet }: Props) {
    if (!sheet) return null;
    const emoji = sheet.t === 'emoji';
    const Drawing = drawings.get(emoji);
    if (Drawing) return <Drawing scene={scene} sheet={sheet} key={sheet.t} />;
    const loading: Promise<unknown> = emoji ? import('./sheets/EmojiSheet.tsx').then((drawn) => drawn.EmojiSheet) : import('./sheets/SheetView.tsx').then((drawn) => drawn.SheetView);
    loading.then(
      (drawn) => { drawings.set(emoji, drawn as Drawing); this.forceUpdate(); },
      // Without a network it cannot be had now; asked again, it is fetched again.
      () => { scene.sheet.value = null; },
    );
    return null;
  }
}
