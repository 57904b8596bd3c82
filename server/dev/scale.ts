/** The tables of docs/scale.md, computed from what the benchmarks wrote into server/bench/README.md: of several, the first that has run. */
type Source = { what: string; unit: string; from: Record<string, RegExp> };
const sources = {
  socket: { what: 'a connection that said hello, resident', unit: 'kB', from: { crowd: /\*\*([\d.]+) kB\*\* each/, memory: /\*\*([\d.]+) kB\*\*/ } },
  sockets: { what: 'connections that one process held in that run', unit: '', from: { crowd: /^([\d,]+) connections/m, memory: /said hello, ([\d,]+) of them/ } },
  process: { what: 'a process without readers', unit: 'MB', from: { units: /without readers \| ([\d.]+) MB/ } },
  room: { what: 'an open room with 50 messages, in each process that has it open', unit: 'kB', from: { units: /open room[^|]*\| ([\d.]+) kB/ } },
  small: { what: 'a row to a reader, a message a second in the room (`rooms`: of 50, `fan-out`: of 1,000 readers)', unit: 'µs', from: { rooms: /^\| 1 \| ([\d.]+)/m, 'fan-out': /^\| 1 \| ([\d.]+)/m } },
  calm: { what: 'a row to a reader, a message a second in a room of 1,000', unit: 'µs', from: { 'fan-out': /^\| 1 \| ([\d.]+)/m } },
  warm: { what: 'the same, 20 messages a second', unit: 'µs', from: { 'fan-out': /^\| 20 \| ([\d.]+)/m } },
  hot: { what: 'the same, 200 messages a second', unit: 'µs', from: { 'fan-out': /^\| 200 \| ([\d.]+)/m } },
  wire: { what: 'a row on the wire, in a calm room', unit: 'bytes', from: { units: /on the wire[^|]*\| (\d+) bytes/ } },
  appends: { what: 'messages a second acknowledged, 100 rooms, on two cores that do everything', unit: '', from: { append: /^\| 100 rooms[^|]*\| (\d+)/m } },
  hotAppends: { what: 'the same in one room', unit: '', from: { append: /^\| one room[^|]*\| (\d+)/m } },
  commits: { what: 'commits a second of one message each, 8 connections (`pgbench`)', unit: '', from: { append: /^\| 100 rooms[^|]*\|[^|]*\| (\d+)/m } },
  table: { what: 'a message in its table', unit: 'bytes', from: { units: /(\d+) bytes of table/ } },
  index: { what: 'a message in the indexes', unit: 'bytes', from: { units: /(\d+) of indexes/ } },
  wal: { what: 'a message in the WAL', unit: 'bytes', from: { units: /(\d+) of WAL/ } },
  tail: { what: 'PostgreSQL, to read a room that a process opens', unit: 'µs', from: { units: /compare one head \| ([\d.]+) µs/ } },
  head: { what: 'the same, to compare the head of an open room', unit: 'µs', from: { units: /compare one head \| [\d.]+ µs, ([\d.]+) µs/ } },
  channel: { what: 'an open room in Redis, for each process', unit: 'bytes', from: { units: /same in Redis \| (\d+)/ } },
  redis: { what: 'what servers tell each other, for each that hears it: Redis', unit: 'µs', from: { units: /([\d.]+) µs of Redis/ } },
  heard: { what: 'the same: the process that hears it', unit: 'µs', from: { units: /([\d.]+) µs of the process/ } },
} satisfies Record<string, Source>;
export type Figures = Record<keyof typeof sources, number>;

/** Chosen, and docs/scale.md says so: the share of what was measured that is used, a reader's stay, hours a day at such load. */
const [SHARE, STAY_S, HOURS, PARTITION_GB, NODE_PROCESSES] = [0.5, 300, 4, 100, 4];
/** Of the code: presence is told after 5 to 20 s, health three times a second, heads compared every 15 s, hearts beat every 25 s. */
const [NEWS_S, REPEAT_S, HEALTH_PER_S, COMPARE_S, BEAT_S, CONNECTIONS, PROBES] = [5, 20, 1 / 0.3, 15, 25, 5, 32];

export type Shape = { readers: number; /** Readers of one room. */ room: number; perRoomS: number; /** All readers of a room are led to as few processes as hold them. */ led: boolean };
const shapes: Shape[] = [{ room: 10, perRoomS: 1 / 60 }, { room: 1_000, perRoomS: 0.5 }].flatMap((of) =>
  [1e3, 1e4, 1e5, 1e6, 1e6].map((readers, i) => ({ ...of, readers, led: i === 4 })));

export function sizeOf(f: Figures, { readers, room, perRoomS, led }: Shape) {
  const [rooms, most] = [readers / room, f.sockets * SHARE];
  const [messages, rows] = [rooms * perRoomS, readers * perRoomS];
  const own = ((rows + (2 * readers) / BEAT_S) * (room < 100 ? f.small : f.calm)) / 1e6 + (messages * 2) / f.appends;
  const processes = Math.ceil(Math.max(readers / most, own / SHARE));
  const among = led ? Math.ceil(room / most) : processes;
  const openOn = among * (1 - (1 - 1 / among) ** room);
  const tells = rooms * openOn * Math.min(1 / NEWS_S, Math.max(1 / REPEAT_S, (2 * room) / openOn / STAY_S));
  const opens = (readers / STAY_S) * (1 - 1 / among) ** (room - 1);
  const told = processes === 1 ? 0 : (messages + tells + opens * (1 + openOn)) * openOn + processes ** 2 * HEALTH_PER_S;
  const heard = told + ((told * f.redis) / 1e6 > SHARE ? processes * PROBES * HEALTH_PER_S : 0);
  const [inAll, reading] = [rooms * openOn, (2 * opens * f.tail) / 1e6];
  const yearGB = (messages * 3_600 * HOURS * 365 * (f.table + f.index)) / 1e9;
  return {
    messages, rows, processes, nodes: Math.max(Math.min(2, processes), Math.ceil(processes / NODE_PROCESSES)), open: inAll / processes,
    eachMB: f.process + ((readers / processes) * f.socket + (inAll / processes) * f.room) / 1e3, eachCore: (own + (heard * f.heard) / 1e6) / processes,
    outTB: (rows * f.wire * 3_600 * HOURS * 30) / 1e12, heard, shards: Math.ceil((heard * f.redis) / 1e6 / SHARE), redisMB: processes === 1 ? 0 : (inAll * f.channel) / 1e6,
    tails: 2 * opens, reading: reading + ((inAll / COMPARE_S) * f.head) / 1e6, readingDeaf: reading + ((inAll / (processes === 1 ? COMPARE_S : 1)) * f.head) / 1e6, connections: processes * CONNECTIONS,
    postgres: Math.ceil(messages / (f.commits * SHARE)), walMBs: (messages * f.wal) / 1e6, yearGB, partitions: Math.ceil(yearGB / PARTITION_GB),
  };
}

const write = (value: number): string => (value > 0 && value < 0.01 ? '< 0.01' : value.toLocaleString('en', { maximumSignificantDigits: value < 1_000 ? 2 : 3 }));
function table(head: string, lines: (string | number)[][]): string {
  return [head, head.replace(/[^|]+/g, '---'), ...lines.map((cells) => `| ${cells.map((cell) => (typeof cell === 'number' ? write(cell) : cell)).join(' | ')} |`)].join('\n');
}

/** The document with its tables as the benchmarks' page has it now. */
export function withScale(doc: string, benches: string): string {
  const found = Object.entries<Source>(sources).map(([name, { what, unit, from }]) => {
    for (const [bench, at] of Object.entries(from)) {
      const figure = benches.match(new RegExp(`<!-- ${bench} -->[\\s\\S]*<!-- /${bench} -->`))?.[0].match(at)?.[1]?.replaceAll(',', '');
      if (figure) return { name, figure: Number(figure), line: [what, `${Number(figure).toLocaleString('en')} ${unit}`.trim(), `[${bench}](../server/bench/README.md)`] };
    }
    throw new Error(`server/bench/README.md holds none of ${Object.values(from).join(' ')}`);
  });
  const f = Object.fromEntries(found.map(({ name, figure }) => [name, figure])) as Figures;
  const sizes = shapes.map((shape) => ({ called: [shape.readers.toLocaleString('en'), `${shape.room.toLocaleString('en')}${shape.led ? ', led' : ''}`], ...sizeOf(f, shape) }));
  const one = [[1, f.calm], [20, f.warm], [200, f.hot]].map(([rate = 0, micros = 0]) => {
    const processes = Math.ceil(1e6 * Math.max(1 / (f.sockets * SHARE), (rate * micros) / 1e6 / SHARE));
    return [rate, rate * 1e6, processes, ...[rate * processes, processes ** 2 / NEWS_S, processes ** 2 * HEALTH_PER_S].map((heard) => (heard * f.redis) / 1e6), (rate * f.wire) / 1e3];
  });
  const tables: Record<string, string> = {
    measured: table('| what | figure | from |', found.map(({ line }) => line)),
    processes: table('| readers | rooms of | messages/s | rows/s | processes | nodes | MB each | core each | rooms open in each | out, TB a month |',
      sizes.map((s) => [...s.called, s.messages, s.rows, s.processes, s.nodes, s.eachMB, s.eachCore, s.open, s.outTB])),
    stores: table('| readers | rooms of | heard/s | Redis shards | Redis MB | rooms read/s | PostgreSQL cores, reading | the same, Redis away | PostgreSQL, for commits | connections | WAL, MB/s | GB a year | partitions |',
      sizes.map((s) => [...s.called, s.heard, s.shards, s.redisMB, s.tails, s.reading, s.readingDeaf, s.postgres, s.connections, s.walMBs, s.yearGB, s.partitions])),
    one: table('| messages/s | rows/s | processes | cores of Redis: words | who is here | health | out, GB/s |', one),
  };
  return doc.replace(/(<!-- (\w+) -->\n)[\s\S]*?(\n<!-- \/\2 -->)/g, (whole, open: string, name: string, close: string) => (tables[name] ? `${open}${tables[name]}${close}` : whole));
}
