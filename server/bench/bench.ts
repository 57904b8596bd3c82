import { acksTable, benchAcks } from './acks.ts';
import { appendTable, benchAppend } from './append.ts';
import { benchCrowd, CROWD, crowdTable } from './crowd.ts';
import { benchFanOut, type FanOutFigures, fanOutPlot, fanOutTable, NATIVE, ROOMS } from './fan-out.ts';
import { benchMachine, MACHINE, MACHINE_FLOOR, machineTable } from './machine.ts';
import { benchMemory, memoryLine } from './memory.ts';
import { report, type Section } from './report.ts';
import { benchStopped, STOPPED, stoppedTable } from './stopped.ts';
import { benchServing, servingTable } from './streams/serving.ts';
import { benchViewers, viewersTable } from './streams/viewers.ts';
import { benchUnits, UNITS, unitsTable } from './units.ts';
import { benchWire, wireTable } from './wire-bytes.ts';

/** `pnpm bench [append|fan-out|…]`: each beside its peers in one run; figures go to README.md. */
const ROUNDS = 5;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const benches: Record<Section, () => Promise<string | [text: string, plot: string]>> = {
  append: async () => appendTable(await benchAppend(ROUNDS, say)),
  acks: async () => acksTable(await benchAcks(ROUNDS, say)),
  'fan-out': async () => tellFanOut(await benchFanOut(ROUNDS, say)),
  native: async () => tellFanOut(await benchFanOut(ROUNDS, say, NATIVE)),
  rooms: async () => fanOutTable(await benchFanOut(ROUNDS, say, ROOMS)),
  wire: async () => wireTable(await benchWire(ROUNDS, say)),
  memory: async () => memoryLine(await benchMemory(10_000, say)),
  crowd: async () => crowdTable(await benchCrowd(CROWD, say)),
  machine: async () => machineTable([await benchMachine(MACHINE, say), await benchMachine(MACHINE_FLOOR, say)]),
  stopped: async () => stoppedTable(await benchStopped(STOPPED, say)),
  units: async () => unitsTable(await benchUnits(UNITS, say)),
  serving: async () => servingTable(await benchServing(ROUNDS, say)),
  viewers: async () => viewersTable(await benchViewers(2_000, 60, say)),
};
const tellFanOut = (figures: FanOutFigures): [string, string] => [fanOutTable(figures), fanOutPlot(figures)];
const asked = process.argv.slice(2).filter((one) => one !== '--');
for (const [section, bench] of Object.entries(benches) as [Section, (typeof benches)[Section]][]) {
  if (asked.length > 0 && !asked.includes(section)) continue;
  const told = await bench();
  const [text, plot] = typeof told === 'string' ? [told] : told;
  report(section, text, plot);
  say(text);
}
