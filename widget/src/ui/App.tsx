import { Composer } from './Composer.tsx';
import { Header } from './Header.tsx';
import { countUnread } from './items.ts';
import { MessageList } from './MessageList.tsx';
import { NameCard } from './NameCard.tsx';
import { Notice } from './Notice.tsx';
import type { Scene } from './scene.ts';

export function App({ scene }: { scene: Scene }) {
  return (
    <>
      <Header scene={scene} />
      <Conversation scene={scene} />
      <footer>
        <Notice scene={scene} />
        <Voice scene={scene} />
      </footer>
    </>
  );
}

function Conversation({ scene }: { scene: Scene }) {
  const { store, config, toEnd } = scene;
  const { epoch, paging, reloads } = store.room.value;
  const messages = scene.messages();
  return (
    <MessageList
      scene={scene}
      messages={messages}
      mark={store.mark.value}
      lang={config.value.lang}
      words={scene.words()}
      toEnd={toEnd.value}
      unread={countUnread(messages, store.seen.value)}
      known={epoch !== null}
      older={paging !== null}
      reloads={reloads}
    />
  );
}

/** Reading asks for nothing; speaking asks for a name. */
function Voice({ scene }: { scene: Scene }) {
  const { me, fault } = scene.speaker;
  const naming = me.value.nick === null || fault.value !== null || scene.renaming.value;
  return naming ? <NameCard scene={scene} /> : <Composer scene={scene} />;
}
