import type { Scene, Sheet } from '../scene.ts';
import { MessageSheet } from './MessageSheet.tsx';
import { PeopleSheet } from './PeopleSheet.tsx';
import { ProfileSheet } from './ProfileSheet.tsx';

/** The one thing that lies over the conversation. */
export function SheetView({ scene, sheet }: { scene: Scene; sheet: Sheet }) {
  switch (sheet.t) {
    case 'people': return <PeopleSheet scene={scene} />;
    case 'profile': return <ProfileSheet scene={scene} />;
    case 'message': return <MessageSheet scene={scene} n={sheet.n} at={sheet.at} />;
    case 'emoji': return null;
  }
}
