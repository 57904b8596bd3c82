import type { Scene, Sheet } from '../scene.ts';
import { BanSheet } from './BanSheet.tsx';
import { HiddenSheet } from './HiddenSheet.tsx';
import { MessageSheet } from './MessageSheet.tsx';
import { PairSheet } from './PairSheet.tsx';
import { PeopleSheet } from './PeopleSheet.tsx';
import { ProfileSheet } from './ProfileSheet.tsx';

/** The one thing that lies over the conversation. */
export function SheetView({ scene, sheet }: { scene: Scene; sheet: Sheet }) {
  switch (sheet.t) {
    case 'people': return <PeopleSheet scene={scene} />;
    case 'profile': return <ProfileSheet scene={scene} />;
    case 'message': return <MessageSheet scene={scene} n={sheet.n} at={sheet.at} />;
    case 'ban': return <BanSheet scene={scene} n={sheet.n} />;
    case 'hidden': return <HiddenSheet scene={scene} />;
    case 'pair': return <PairSheet scene={scene} />;
    case 'emoji': return null;
  }
}
