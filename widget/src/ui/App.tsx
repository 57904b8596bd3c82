import { Header } from './Header.tsx';
import { Herald } from './Herald.tsx';
import { countUnread } from './items.ts';
import { MessageList } from './MessageList.tsx';
import { Notice } from './Notice.tsx';
import type { Scene } from './scene.ts';
import { SheetHost } from './SheetHost.tsx';
import { TypingLine } from './TypingLine.tsx';
import { Voice } from './Voice.tsx';

export function App({ scene }: { scene: Scene }) {
  const { me, fault } = scene.speaker;
  return (
    <>
      <Header scene={scene} />
      <Conversation scene={scene} />
      <footer>
        <TypingLine scene={scene} />
        <Notice scene={scene} />
        <Voice scene={scene} naming={me.value.nick === null || fault.value !== null} />
      </footer>
      <SheetHost scene={scene} sheet={scene.sheet.value} />
    </>
  );
}

function Conversation({ scene }: { scene: Scene }) {
  const { store, config, toEnd } = scene;
  const { epoch, paging, reloads } = store.room.value;
  const messages = scene.messages();
  return (
    <Herald scene={scene} messages={messages}>
      {(quiet) => (
        <MessageList
          scene={scene}
          quiet={quiet}
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
      )}
    </Herald>
  );
}
