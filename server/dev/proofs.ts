/** Part of its count, a seed to replay, whether there is a clock to trust, and where progress goes. */
export type Asked = { share: number; seed: number; clock: boolean; say: (line: string) => void };
export type Result = { ok: boolean; count: number; figure: string };
export type Proof = { promise: string; needsClock?: true; /** Has no parts: a run of shares takes it only by name. */ whole?: true; /** Begins first where several run at a time. */ long?: true; load: () => Promise<{ prove(asked: Asked): Promise<Result> }> };

/** Every promise has one command, and its name says which. */
export const proofs: Record<string, Proof> = {
  'no-loss': { promise: 'acknowledged messages are saved, once, in one order, whatever dies', load: () => import('./prove/no-loss.ts') },
  nodes: { long: true, promise: 'nodes that meet on Redis lose nothing either, whatever becomes of Redis', load: () => import('./prove/nodes.ts') },
  rolling: { promise: 'nodes are replaced one after another, and nobody notices', load: () => import('./prove/rolling.ts') },
  properties: { promise: 'parsers, reducer, connection machine and names hold for any input', load: () => import('./prove/properties.ts') },
  'bad-input': { promise: 'bad input is refused by a code and harms nothing', load: () => import('./prove/bad-input.ts') },
  browser: { promise: 'two strangers talk on the demo blog', load: () => import('./prove/browser.ts') },
  smooth: { promise: 'a hundred messages a second stay smooth on a slow phone', needsClock: true, load: () => import('./prove/smooth.ts') },
  xss: { promise: 'what strangers write is text, in every place it is shown', load: () => import('./prove/xss.ts') },
  secrets: { promise: 'the host page learns nothing of the secret id', load: () => import('./prove/secrets.ts') },
  bridge: { promise: 'nothing that page and room say to each other throws or changes what it must not', load: () => import('./prove/bridge.ts') },
  embed: { promise: 'a room costs the blog’s page next to nothing', needsClock: true, load: () => import('./prove/embed.ts') },
  guard: { promise: 'streams are asked of the public internet only', load: () => import('./prove/guard.ts') },
  playlists: { promise: 'whatever an origin writes, a viewer is led nowhere but to us', load: () => import('./prove/playlists.ts') },
  picture: { promise: 'a stream begins within two seconds, and every word comes with its picture', needsClock: true, load: () => import('./prove/picture.ts') },
  serving: { promise: 'what viewers watch costs what it costs nginx', needsClock: true, load: () => import('./prove/serving.ts') },
  viewers: { promise: 'two thousand viewers ask the origin once and take nothing from the words', needsClock: true, load: () => import('./prove/viewers.ts') },
  append: { promise: 'batches commit several times what single calls do', needsClock: true, load: () => import('./prove/append.ts') },
  'fan-out': { promise: 'a delivered message costs less than a send loop', needsClock: true, load: () => import('./prove/fan-out.ts') },
  native: { promise: 'a delivered message costs no more than Bun’s native publish, and a third of it in a hot room', needsClock: true, load: () => import('./prove/native.ts') },
  rooms: { promise: 'where nothing can be joined, a delivery costs at most half as much again as Bun’s', needsClock: true, load: () => import('./prove/rooms.ts') },
  wire: { promise: 'in a hot room half of the bytes are saved for a tenth of the CPU at most', needsClock: true, load: () => import('./prove/wire.ts') },
  crowd: { promise: 'one process holds fifteen thousand, and takes them back at once', needsClock: true, load: () => import('./prove/crowd.ts') },
  machine: { promise: 'one machine holds a hundred thousand', needsClock: true, load: () => import('./prove/machine.ts') },
  stopped: { promise: 'who stops reading costs a megabyte and nobody else’s time', needsClock: true, load: () => import('./prove/stopped.ts') },
  units: { promise: 'a message takes at most a kilobyte of disk, an open room a quarter of a megabyte', load: () => import('./prove/units.ts') },
  acks: { promise: 'thousands of words a second are saved and answered in time', needsClock: true, load: () => import('./prove/acks.ts') },
  memory: { promise: 'an idle reader costs at most 14 kB', needsClock: true, load: () => import('./prove/memory.ts') },
  raid: { long: true, promise: 'a raid drowns nobody out, and the shield comes down by itself', load: () => import('./prove/raid.ts') },
  words: { promise: 'evasions are found, innocents are left alone', load: () => import('./prove/words.ts') },
  api: { promise: 'no request that the API’s document allows, or nearly, meets a fault of ours', load: () => import('./prove/api.ts') },
  retention: { promise: 'what is old ends, and nobody who talks feels it', needsClock: true, load: () => import('./prove/retention.ts') },
  bytes: { promise: 'the widget is at most 20 kB at first load', load: () => import('./prove/bytes.ts') },
  house: { promise: 'imports point one way and the documents name the files', load: () => import('./prove/house.ts') },
  'fresh-machine': { long: true, promise: 'one command makes it ready on a machine that has only Node', load: () => import('./prove/fresh-machine.ts') },
  image: { promise: 'the image builds, and lives by compose.yaml without rights', whole: true, load: () => import('./prove/image.ts') },
};
