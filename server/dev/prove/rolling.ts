import { findGaps, findSaidInGaps, findSendings, findTroubles, findUnsent } from '../../test/browser/witness.ts';
import type { ClientRecord } from '../../test/faults/history.ts';
import { type Plant, type Rolling, runRolling } from '../../test/faults/rolling.ts';
import { ko } from '../../../widget/src/ui/words/ko.ts';
import { CloseCode, refusals } from '../../src/protocol/index.ts';
import { ROOT } from '../places.ts';
import type { Asked, Result } from '../proofs.ts';
import { buildWidget } from '../widget.ts';

const ROUNDS = 10;
const LINE_MAX_MS = 5_000;
/** So many gaps cannot all be over before a hand has written a word. */
const GAPS_MET = 10;
/** A socket that was told may end a moment after the process that told it. */
const AFTER_MS = 1_000;

/** The promise: an operator replaces every node, and nobody notices. `ROLLING_PLANT` (`kill`, `leak`, `late`) shows what the proof sees where it does not hold. */
export async function prove({ share, seed, clock, say }: Asked): Promise<Result> {
  await buildWidget(ROOT, new AbortController().signal);
  const rounds = Math.max(1, Math.round(ROUNDS * share));
  const run = await runRolling({ rounds, seed, say, plant: readPlant(process.env.ROLLING_PLANT) });
  const { faults, figure } = judge(run, clock);
  for (const fault of faults.slice(0, 20)) say(fault);
  return { ok: faults.length === 0, count: run.acknowledged + run.said.length, figure };
}

function readPlant(asked: string | undefined): Plant | null {
  if (asked === undefined || asked === 'kill' || asked === 'leak' || asked === 'late') return asked ?? null;
  throw new Error(`ROLLING_PLANT is "${asked}", and may be kill, leak or late`);
}

/** What does not hold, in sentences, and the figure. Without a clock to trust, how long a line stood is told and not judged. */
export function judge(run: Rolling, clock: boolean): { faults: string[]; figure: string } {
  const { replacements, pages, said, saved, endedAt, waits, violations, complaints } = run;
  const troubles = pages.flatMap((page) => findTroubles(page, endedAt));
  const longest = Math.max(0, ...troubles.map(({ ms }) => ms));
  const unsent = pages.flatMap((page) => findUnsent(page, ko.sending));
  const refused = run.history.clients.flatMap(findRefusals);
  const lost = said.filter((text) => !saved.includes(text));
  const doubled = [...said.filter((text) => saved.indexOf(text) !== saved.lastIndexOf(text)), ...pages.flatMap(({ shown }) => Object.keys(shown).filter((text) => (shown[text] ?? 0) > 1))];
  const gaps = pages.flatMap((page) => findGaps(page, endedAt));
  const inGaps = pages.flatMap((page) => findSaidInGaps(page, endedAt));
  const moved = replacements.map(({ began, ended }) => countMoved(run.history.clients, began, ended + AFTER_MS));
  const faults = [
    ...complaints,
    ...violations.map((violation) => JSON.stringify(violation)),
    ...lost.map((text) => `lost at a page: ${text}`),
    ...doubled.map((text) => `doubled at a page: ${text}`),
    ...pages.flatMap(({ shown }, i) => said.filter((text) => !(text in shown)).map((text) => `page ${i + 1} never showed: ${text}`)),
    ...unsent.map(({ text, said }) => `not sent: ${text}: ${said}`),
    ...refused.map((code) => `not sent: a client was refused ${code}`),
    ...(clock ? troubles.filter(({ ms }) => ms > LINE_MAX_MS).map(({ what, ms }) => `“${what}” stood for ${ms} ms`) : []),
    ...(gaps.length >= GAPS_MET && inGaps.length === 0 ? ['nobody wrote at a page that had no socket'] : []),
    ...replacements.flatMap(({ node, served }, i) => [
      ...(served > 0 ? [] : [`${node} served nobody after it was replaced`]),
      ...((moved[i] ?? 0) > 0 ? [] : [`${node} moved nobody when it was replaced`]),
    ]),
  ];
  const sendings = pages.flatMap((page) => findSendings(page, endedAt));
  const drains = replacements.map(({ began, ended }) => ended - began);
  const lostByClients = violations.filter(({ kind }) => kind === 'lost' || kind === 'change_lost').length;
  const figure = `${replacements.length} nodes replaced, ended within ${tell(Math.max(...drains))}, ${moved.reduce((sum, one) => sum + one, 0)} connections of clients and ${gaps.length} of pages moved, ${run.passedOn} requests passed on to another node; `
    + `${run.acknowledged.toLocaleString('en')} words of clients and ${said.length} of pages (${inGaps.length} written without a socket): ${lostByClients + lost.length} lost, ${violations.length - lostByClients + doubled.length} other violations, ${unsent.length + refused.length} not sent; `
    + `${troubles.length} status lines, longest ${tell(longest)} (≤ ${LINE_MAX_MS / 1_000}); a page was without a server for at most ${tell(Math.max(0, ...gaps.map(({ from, to }) => to - from)))}, its words *sending* for at most ${tell(Math.max(0, ...sendings))}; `
    + `clients' words were saved after ${tell(quantile(waits, 0.99))} (p99), at most ${tell(Math.max(0, ...waits))}`;
  return { faults, figure };
}

/** Answers that end a word unsaved. */
function findRefusals({ events }: ClientRecord): string[] {
  return events.flatMap((event) => (event.is === 'got' && event.frame.t === 'no' && event.frame.cid !== undefined && refusals[event.frame.code] !== 'retry' ? [event.frame.code] : []));
}

/** Connections that a stopping node sent elsewhere in this span. */
function countMoved(clients: readonly ClientRecord[], from: number, to: number): number {
  return clients.reduce((sum, { events }) => sum + events.filter((event) => event.is === 'closed' && event.code === CloseCode.restart && event.when >= from && event.when <= to).length, 0);
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}

function tell(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
