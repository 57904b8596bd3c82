import { Composer } from './Composer.tsx';
import { Header } from './Header.tsx';
import { Herald } from './Herald.tsx';
import { countUnread } from './items.ts';
import { MessageList } from './MessageList.tsx';
import { NameCard } from './NameCard.tsx';
import { Notice } from './Notice.tsx';
import type { Scene } from './scene.ts';
import { SheetHost } from './SheetHost.tsx';
import { TypingLine } from './TypingLine.tsx';

export function App({ scene }: { scene: Scene }) {
  return (
    <>
      <Header scene={scene} />
      <Conversation scene={scene} />
      <footer>
        <TypingLine scene={scene} />
        <Notice scene={scene} />
        <Voice scene={scene} />
      </footer>
      <SheetHost scene={scene} sheet={scene.sheet.value} />
    </>
  );
}

function Conversation({ scene }: { scene: Scene }) {
  const { store, config, toEnd } = scene;
  const { epoch, paging, reloads } = store.room.value;
  const items = scene.items();
  return (
    <Herald scene={scene} items={items}>
      {(quiet) => (
        <MessageList
          scene={scene}
          quiet={quiet}
          items={items}
          lang={config.value.lang}
          words={scene.words()}
          toEnd={toEnd.value}
          unread={countUnread(items, store.seen.value)}
          known={epoch !== null}
          older={paging !== null}
          reloads={reloads}
        />
      )}
    </Herald>
  );
}

/** Reading asks for nothing; speaking asks for a name. */
function Voice({ scene }: { scene: Scene }) {
  const { me, fault } = scene.speaker;
  return me.value.nick === null || fault.value !== null ? <NameCard scene={scene} /> : <Composer scene={scene} />;
}
