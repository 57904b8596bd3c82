import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import path from 'node:path';
import { benchAppend } from './append.ts';
import { benchFanOut } from './fan-out.ts';
import { benchMemory } from './memory.ts';
import { median } from './process.ts';

/** `pnpm bench [append|fan-out|memory…]`: all in one run beside their peers; a run of all three rewrites README.md. */
const ROUNDS = 5;
const asked = process.argv.slice(2).filter((one) => one !== '--');
const wants = (name: string): boolean => asked.length === 0 || asked.includes(name);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const parts: string[] = [];

if (wants('append')) {
  const { hot, many, minute } = await benchAppend(ROUNDS, say);
  const row = (name: string, { ours, pgbench, ratio }: typeof hot): string => `| ${name} | ${median(ours).toFixed(0)} (${Math.min(...ours).toFixed(0)}–${Math.max(...ours).toFixed(0)}) | ${median(pgbench).toFixed(0)} (${Math.min(...pgbench).toFixed(0)}–${Math.max(...pgbench).toFixed(0)}) | ${ratio.toFixed(1)}× |`;
  parts.push(`## Append

Acknowledged messages a second through sockets, each sender keeping 40 unacknowledged, beside \`pgbench -c 8 -M prepared\` calling the same function with one message, on the same fresh database in alternation. Medians (and range) of ${ROUNDS} rounds of 6 s.

| | ours | pgbench | ratio |
|---|---|---|---|
${row('one room, 20 senders', hot)}
${row('100 rooms, one sender each', many)}

A fresh database, second by second for a minute: ${minute.join(' ')}.
`);
}
if (wants('fan-out')) {
  const { rates } = await benchFanOut(ROUNDS, say);
  const cell = ({ microsPerRow, p95, spread }: (typeof rates)[number]['kinds']['aside']): string => `${microsPerRow.toFixed(2)} (${spread[0].toFixed(2)}–${spread[1].toFixed(2)}), p95 ${p95.toFixed(0)}`;
  parts.push(`## Fan-out

Server CPU in µs per row delivered to a reader (median, range of ${ROUNDS} rounds) and p95 in ms from the send to a reader's socket, over all messages and readers. One room, 1,000 readers, 8 s a run, peers in alternation, the same span idle taken off. The peers keep nothing; ours commits every message to PostgreSQL first, and that CPU is in its figure.

| messages a second | ours | \`ws.send\` loop | Socket.IO | ours ÷ loop |
|---|---|---|---|---|
${rates.map(({ rate, kinds: { aside, plain, socketio } }) => `| ${rate} | ${cell(aside)} | ${cell(plain)} | ${cell(socketio)} | ${(aside.microsPerRow / plain.microsPerRow).toFixed(2)} |`).join('\n')}
`);
}
if (wants('memory')) {
  const { bytesEach, connections } = await benchMemory(10_000, say);
  parts.push(`## Memory

Resident memory of the server per idle connection that said hello, ${connections.toLocaleString('en')} of them in 10 rooms, after a compacting collection: ${(bytesEach / 1_000).toFixed(1)} kB.
`);
}
const commit = execFileSync('git', ['rev-parse', '--short=10', 'HEAD'], { encoding: 'utf8' }).trim();
const text = `# Benchmarks

Written by \`pnpm bench\` on ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}, Node ${process.version}, commit ${commit}. The cores are shared with the readers and senders: trust the ratios, not the absolute figures. The server is the one that \`pnpm start\` runs; only its caps are lifted, by their settings (\`ours.ts\` lists them).

${parts.join('\n')}`;
if (asked.length === 0) writeFileSync(path.join(import.meta.dirname, 'README.md'), text);
say(text);
