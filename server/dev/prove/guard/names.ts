import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { until } from '../../../test/support/until.ts';

/** What a stranger's name server says to the first question of a kind, to the second, and so on; the last stays. */
export type Answers = { A: readonly (readonly string[])[]; AAAA: readonly (readonly string[])[]; alias?: boolean };
export type Names = { set(name: string, answers: Answers): void };

export const ZONE = 'rebind.test';
const PORT = 5_353;
const TYPES = { 1: 'A', 28: 'AAAA' } as const;
const CNAME = 5;

/** The stranger's server, which says that nothing may be kept, and dnsmasq before it, as the system's resolver asks it. */
export async function openNames(): Promise<Names> {
  const names = new Map<string, Answers & { asked: { A: number; AAAA: number } }>();
  const socket = createSocket('udp4');
  socket.on('message', (question, { port, address }) => void socket.send(answer(question), port, address));
  socket.bind(PORT, '127.0.0.1');
  await once(socket, 'listening');
  spawn('dnsmasq', ['--no-daemon', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--pid-file=', '--listen-address=127.0.0.1', '--bind-interfaces', `--server=/${ZONE}/127.0.0.1#${PORT}`], { stdio: 'ignore' });
  const set: Names['set'] = (name, answers) => void names.set(name, { ...answers, asked: { A: 0, AAAA: 0 } });

  function answer(question: Buffer): Buffer {
    const { name, end } = readName(question);
    const type = TYPES[question.readUInt16BE(end) as keyof typeof TYPES];
    const known = names.get(name.toLowerCase());
    const said = known && type ? (known[type][Math.min(known.asked[type]++, known[type].length - 1)] ?? []) : [];
    const code = type ?? 'A';
    const records = said.map((address) => record(known?.alias ? ALIAS : POINTER, code === 'A' ? 1 : 28, pack(address)));
    if (known?.alias && records.length > 0) records.unshift(record(POINTER, CNAME, ALIAS));
    const head = Buffer.from(question.subarray(0, 12));
    head.writeUInt16BE(0x8580, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    head.writeUInt32BE(0, 8);
    return Buffer.concat([head, question.subarray(12, end + 4), ...records]);
  }

  set(`ready.${ZONE}`, { A: [['192.0.2.1']], AAAA: [] });
  if (!(await until(() => lookup(`ready.${ZONE}`).then(() => true, () => false), 10_000))) throw new Error('dnsmasq does not answer.');
  return { set };
}

/** The name in the question, and another one of the zone that an alias points to. */
const POINTER = Buffer.from([0xc0, 12]);
const ALIAS = Buffer.concat([...['elsewhere', ...ZONE.split('.')].map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])), Buffer.from([0])]);

function readName(question: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 1 };
}

/** With a time to live of nought. */
function record(name: Buffer, type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([name, head, data]);
}

function pack(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  const [left = '', right] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = right === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return Buffer.from([...left, ...zeros, ...(right ?? [])].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]));
}
