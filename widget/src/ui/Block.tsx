import { Component } from 'preact';
import type { Item } from './items.ts';
import { MessageLine } from './MessageLine.tsx';
import type { Scene } from './scene.ts';
import { tellDay } from './time.ts';
import type { Lang } from './words/words.ts';

type Props = { items: readonly Item[]; scene: Scene; lang: Lang };

/** Some lines that come and leave together: a list of hundreds is neither compared nor moved line by line for each new one. */
export class Block extends Component<Props> {
  override shouldComponentUpdate({ items, lang }: Props): boolean {
    const had = this.props.items;
    return lang !== this.props.lang || items.length !== had.length || items.some((item, i) => item !== had[i] && (item.t === 'message' || item.key !== had[i]?.key));
  }

  override render({ items, scene, lang }: Props) {
    return <div class="block">{items.map((item) => drawItem(item, scene, lang))}</div>;
  }
}

function drawItem(item: Item, scene: Scene, lang: Lang) {
  switch (item.t) {
    case 'day': return <h2 class="day" key={item.key}>{tellDay(item.at, Date.now(), lang)}</h2>;
    case 'mark': return <p class="mark" key={item.key}>{scene.words().mark}</p>;
    case 'message': return <MessageLine key={item.key} message={item} scene={scene} lang={lang} />;
  }
}
