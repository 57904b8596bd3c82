import { Header } from './Header.tsx';
import { Herald } from './Herald.tsx';
import { Later } from './Later.tsx';
import { MessageList } from './MessageList.tsx';
import { Notice } from './Notice.tsx';
import type { Scene } from './scene.ts';
import { TypingLine } from './TypingLine.tsx';

// Reading asks for nothing; speaking asks for a name. What speaking needs is fetched once somebody is near,
// and of it only what this reader needs.
const loadCard = () => import('./NameCard.tsx').then(({ NameCard }) => NameCard);
const loadComposer = () => import('./Composer.tsx').then(({ Composer }) => Composer);
const loadStream = () => import('./stream/StreamView.tsx').then(({ StreamView }) => StreamView);
const loadSheets = () => import('./sheets/SheetView.tsx').then(({ SheetView }) => SheetView);
const loadEmoji = () => import('./sheets/EmojiSheet.tsx').then(({ EmojiSheet }) => EmojiSheet);

export function App({ scene }: { scene: Scene }) {
  const { me, fault } = scene.reader;
  const sheet = scene.sheet.value;
  const { stream } = scene.view.room.value.facts ?? {};
  return (
    <>
      <Header scene={scene} />
      {stream && <Later key={stream.id} place="stream" scene={scene} load={loadStream} />}
      <Conversation scene={scene} />
      <footer>
        <TypingLine scene={scene} />
        <Notice scene={scene} />
        {me.value.nick === null || fault.value !== null ? <Later key="card" place="card" scene={scene} load={loadCard} /> : <Later key="composer" place="composer" scene={scene} load={loadComposer} />}
      </footer>
      {sheet && <Later key={sheet.t} scene={scene} sheet={sheet} load={sheet.t === 'emoji' ? loadEmoji : loadSheets} />}
    </>
  );
}

function Conversation({ scene }: { scene: Scene }) {
  const { view, config, toEnd } = scene;
  const { epoch, paging, reloads } = view.room.value;
  const messages = scene.messages();
  return (
    <Herald scene={scene} messages={messages}>
      {(quiet) => (
        <MessageList
          scene={scene}
          quiet={quiet}
          messages={messages}
          mark={view.mark.value}
          lang={config.value.lang}
          words={scene.words()}
          toEnd={toEnd.value}
          known={epoch !== null}
          older={paging !== null}
          reloads={reloads}
        />
      )}
    </Herald>
  );
}
