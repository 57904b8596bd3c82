import type { PageData } from '@aside/server/protocol';
import { connect } from '../net/connect.ts';
import { fetchAround, fetchPage } from '../net/history.ts';
import { openDrafts } from './drafts.ts';
import { openKeeper } from './keeper.ts';
import type { Reader } from './reader.ts';
import type { Shelf } from './shelf.ts';
import { openSpeaker } from './speaker.ts';
import { openStore, type Store } from './store.ts';
import type { View } from './view.ts';

/** Everything a room needs once somebody is near, fetched as one part: who only passes by never has it. */
export function goLive(page: PageData, view: View, reader: Reader, shelf: Shelf): Store {
  const { room, site } = page;
  return openStore(page, view, {
    speaker: openSpeaker(reader, openKeeper(shelf), shelf, site),
    drafts: openDrafts(shelf, site, room),
    dial: (wire) => connect({ url: new URL('/ws', location.href).href.replace(/^http/, 'ws'), ...wire }),
    fetchPage: (before) => fetchPage(room, site, before),
    fetchAround: (around) => fetchAround(room, site, around),
  });
}
