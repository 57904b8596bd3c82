import { openClient, person } from '../support/client.ts';
import type { Stage } from './stage.ts';

/** Words that were said before anybody looks; each author says theirs in turn. */
export async function fillRoom({ chat }: Stage, room: string, said: readonly { nick?: string; avatar?: string; texts: readonly string[] }[]): Promise<void> {
  for (const { nick, avatar = 'raccoon', texts } of said) {
    const client = await openClient(chat.ws, { room, ...person(nick), avatar });
    try {
      for (const text of texts) {
        const answer = await client.say(text);
        if (answer.t !== 'ok') throw new Error(`"${text}" was not taken: ${JSON.stringify(answer)}`);
      }
    } finally {
      await client.close();
    }
  }
}

export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `지나간 말 ${i + 1}`);
}
