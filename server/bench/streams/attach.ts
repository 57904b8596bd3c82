import { randomBytes } from 'node:crypto';

const ADMIN_TOKEN = randomBytes(32).toString('hex');

export type Watched = { id: string; /** Our addresses of the first media playlists, and of the segments of the first of them. */ media: string[]; segments: string[] };

/** Attaches a stream to a room of its own, on a server that was started with {@link attachEnv}, and reads it from the server of the role `stream`. */
export async function attachStream(port: number, streams: number, url: string, room = randomBytes(4).toString('hex')): Promise<Watched> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/rooms/${room}/stream`, {
    method: 'PUT', headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }, body: JSON.stringify({ url }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  const { stream: { id } } = (await answer.json()) as { stream: { id: string } };
  const read = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${streams}${path}`)).text();
  const first = await read(`/stream/${id}/index.m3u8`);
  const media = addressesOf(first, 'playlist');
  return { id, media, segments: addressesOf(media[0] === undefined ? first : await read(media[0]), 'segment') };
}

export const attachEnv = { ADMIN_TOKEN };

function addressesOf(playlist: string, kind: 'playlist' | 'segment'): string[] {
  return [...playlist.matchAll(/^(?!#).+|URI="([^"]+)"/gm)].map(([line, uri]) => uri ?? line).filter((one) => one.includes(`/${kind}/`));
}
