import { Component } from 'preact';
import { AuditPage } from './AuditPage.tsx';
import type { Holder } from './api.ts';
import { BansPage } from './BansPage.tsx';
import { EmbedPage } from './EmbedPage.tsx';
import { HooksPage } from './HooksPage.tsx';
import { ErrorsPage } from './ErrorsPage.tsx';
import { Pairing } from './Pairing.tsx';
import { People } from './People.tsx';
import { pageWords } from './page-words.ts';
import { RoomPage } from './RoomPage.tsx';
import { RoomsPage } from './RoomsPage.tsx';
import { readRoute, type Route, type Tab, tabs } from './route.ts';
import { ServerPage } from './ServerPage.tsx';
import { WordsPage } from './WordsPage.tsx';

type Props = { lang: 'ko' | 'en'; who: Holder };

/** The tabs, and the page behind the one that the address names. */
export class Pages extends Component<Props, { route: Route }> {
  override state = { route: readRoute(location.hash) };

  override componentDidMount(): void {
    addEventListener('hashchange', this.#follow);
  }

  override componentWillUnmount(): void {
    removeEventListener('hashchange', this.#follow);
  }

  #follow = (): void => {
    this.setState({ route: readRoute(location.hash) });
    scrollTo(0, 0);
  };

  override render({ lang, who }: Props, { route }: { route: Route }) {
    const say = pageWords[lang];
    const now = route.tab === 'room' ? 'rooms' : route.tab;
    return (
      <>
        <nav aria-label={say.tabs.rooms}>
          {tabs.filter((tab) => isFor(tab, who)).map((tab) => <a key={tab} href={`#${tab}`} aria-current={tab === now ? 'page' : undefined}>{say.tabs[tab]}</a>)}
        </nav>
        <div class="page" id={now}>{page(route, lang, who)}</div>
      </>
    );
  }
}

function page(route: Route, lang: 'ko' | 'en', who: Holder) {
  switch (route.tab) {
    case 'rooms': return <RoomsPage lang={lang} />;
    case 'room': return <RoomPage key={`${route.site} ${route.room}`} lang={lang} room={route.room} site={route.site} owner={who.role === 'owner'} />;
    case 'bans': return <BansPage lang={lang} />;
    case 'words': return <WordsPage lang={lang} site={who.site ?? ''} />;
    case 'audit': return <AuditPage lang={lang} />;
    case 'hooks': return <HooksPage lang={lang} />;
    case 'people': return <People lang={lang} />;
    case 'pair': return <Pairing lang={lang} opener={null} />;
    case 'embed': return <EmbedPage key={`${route.site} ${route.room}`} lang={lang} room={route.room || (who.room ?? '')} site={route.site || (who.site ?? '')} />;
    case 'errors': return <ErrorsPage lang={lang} />;
    case 'server': return <ServerPage lang={lang} />;
  }
}

/** Word lists are a site's, moderators, errors and the server an owner's. */
function isFor(tab: Tab, { role, room }: Holder): boolean {
  if (tab === 'people' || tab === 'hooks' || tab === 'errors' || tab === 'server') return role === 'owner';
  return tab !== 'words' || room === null;
}
