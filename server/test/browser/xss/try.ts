import { startBlog } from '../../../../embed-demo/serve.ts';
import type { Random } from '../../faults/random.ts';
import { openChromium } from '../chromium.ts';
import { openReader } from '../reader.ts';
import type { Stage } from '../stage.ts';
import { openTampered } from '../tamper.ts';
import { openDoor, ROOM_PAYLOADS } from './door.ts';
import { openHome } from './home.ts';
import { drawPayloads } from './payload.ts';
import type { Plant } from './plants.ts';

const SEEN_WITHIN_MS = 3_000;

export type Trial = { plant: Plant; seen: boolean; said: string[] };

/** Shows one room through each plant, to a reader of its own, and asks what was noticed. */
export async function tryPlants(stage: Stage, plants: readonly Plant[], random: Random): Promise<Trial[]> {
  const chromium = await openChromium();
  try {
    const trials: Trial[] = [];
    for (const plant of plants) {
      const said = await tryPlant(stage, plant, random, (visit) => openReader(chromium, visit));
      trials.push({ plant, said, seen: said.some((fault) => plant.seen.test(fault)) });
    }
    return trials;
  } finally {
    await chromium.close();
  }
}

async function tryPlant(stage: Stage, { name, plant }: Plant, random: Random, open: (visit: Parameters<typeof openReader>[1]) => ReturnType<typeof openReader>): Promise<string[]> {
  const home = await openHome();
  const tampered = await openTampered(stage.chat.http, plant(home));
  const blog = await startBlog({ port: 0, host: '127.0.0.1', chatUrl: tampered.http });
  try {
    const planted: Stage = { ...stage, blog: blog.url, chat: { ...stage.chat, http: tampered.http }, visit: (post, visit) => open({ ...visit, url: `${blog.url}/${post}` }) };
    const door = await openDoor(planted, home, name, SEEN_WITHIN_MS);
    try {
      const { faults } = await door.show(drawPayloads(ROOM_PAYLOADS, random, home.host)).catch((error: Error) => ({ faults: [`the room could not be shown: ${error.message}`] }));
      return [...faults, ...(await door.heard())];
    } finally {
      await door.close();
    }
  } finally {
    await blog.close();
    await tampered.close();
    await home.close();
  }
}
