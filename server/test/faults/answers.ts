import type { StoredRow } from './history.ts';
import { authorOf, keyOf, type Ledger, type Letter, roomOf } from './ledger.ts';
import type { BrokenAnswer, Violation } from './violations.ts';

/** What writers were told: saved means there, once, under that number, with those words; refused means not there. */
export function checkAnswers(ledger: Ledger): Violation[] {
  const authors = new Map(ledger.history.clients.map((client) => [client, authorOf(client)]));
  const violations: Violation[] = ledger.letters.flatMap((letter) => {
    const room = letter.client.room;
    const { byCid, byN, stored } = roomOf(ledger, room);
    const found = letter.frame.t === 'say'
      ? checkSay(letter, byCid.get(letter.cid)?.[0], stored.first, authors.get(letter.client) ?? null, ledger)
      : checkChange(letter, byN.get(letter.frame.n), ledger);
    return [...checkSettled(letter), ...found].map((violation) => ({ room, ...violation }));
  });
  for (const { client, cid, t } of ledger.strays) violations.push({ room: client.room, kind: 'stray_answer', client: client.name, cid, t });
  return [...violations, ...findShared(ledger), ...findUnaskedDeletions(ledger)];
}

function checkSettled({ client, cid, frame, sends, oks, nos, seen }: Letter): BrokenAnswer[] {
  const violations: BrokenAnswer[] = [];
  // Retries carry the same words, so the server has no ground for a conflict.
  if (nos.some((no) => no.code === 'cid_conflict')) violations.push({ kind: 'conflict', client: client.name, cid });
  if (oks.length === 0 && nos.length === 0 && !seen) violations.push({ kind: 'unsettled', client: client.name, cid, sends: sends.length });
  const ns = [...new Set(oks.map((ok) => ok.n).filter((n) => n !== undefined))];
  if (ns.length > 1 && frame.t === 'say') violations.push({ kind: 'doubled_ok', client: client.name, cid, ns });
  return violations;
}

function checkSay(letter: Letter, row: StoredRow | undefined, first: number, author: string | null, ledger: Ledger): BrokenAnswer[] {
  const { client: { name: client }, cid, frame, sends, oks, nos } = letter;
  if (frame.t !== 'say') return [];
  const violations: BrokenAnswer[] = [];
  const told = oks.find((ok) => !ok.held);
  // What retention took is gone by promise, not lost.
  if (!row) return told && (told.n === undefined || told.n >= first) ? [{ kind: 'lost', client, cid, n: told.n }] : [];
  for (const { n } of oks) if (n !== undefined && n !== row.n) violations.push({ kind: 'wrong_number', client, cid, told: n, stored: row.n });
  // `no` speaks of one try: only when each was refused does it say that nothing is there.
  const last = nos.at(-1);
  if (last && oks.length === 0 && nos.length >= sends.length) violations.push({ kind: 'refused_but_saved', client, cid, code: last.code, n: row.n });
  if (row.author !== author) violations.push({ kind: 'author_changed', client, cid, n: row.n, told: author, stored: row.author });
  if (row.deleted) return violations;
  const words = possibleWords(letter, row.n, ledger);
  if (!words.includes(row.text)) violations.push({ kind: 'text_changed', client, cid, n: row.n, sent: words.join(' | '), stored: row.text });
  if (row.re !== (frame.re ?? null)) violations.push({ kind: 'reply_changed', client, cid, n: row.n, sent: frame.re ?? null, stored: row.re });
  return violations;
}

/** The words sent under the cid, or those of any edit the same client made of that message. */
function possibleWords({ client, frame }: Letter, n: number, ledger: Ledger): string[] {
  const edits = ledger.changes.get(keyOf(client.room, n)) ?? [];
  return [frame, ...edits.filter((edit) => edit.client === client).map((edit) => edit.frame)].flatMap((said) => ('text' in said ? [said.text] : []));
}

/** An acknowledged edit or deletion stands, unless the same client changed the message again later. */
function checkChange(letter: Letter, row: StoredRow | undefined, ledger: Ledger): BrokenAnswer[] {
  const { client, cid, frame, oks } = letter;
  if ((frame.t !== 'edit' && frame.t !== 'delete') || oks.length === 0 || !row || row.deleted) return [];
  const lost: BrokenAnswer[] = [{ kind: 'change_lost', client: client.name, cid, n: frame.n, change: frame.t }];
  if (frame.t === 'delete') return lost;
  const acknowledged = Math.max(...oks.map((ok) => ok.when));
  const later = (ledger.changes.get(keyOf(client.room, frame.n)) ?? []).some((other) => other !== letter && other.sends.some((when) => when > acknowledged));
  return row.text === frame.text || later ? [] : lost;
}

function findShared(ledger: Ledger): Violation[] {
  const owners = new Map<string, Set<string>>();
  for (const { client, cid, frame, oks } of ledger.letters) {
    if (frame.t !== 'say') continue;
    for (const { n } of oks) {
      if (n === undefined) continue;
      const key = keyOf(client.room, n);
      owners.set(key, (owners.get(key) ?? new Set()).add(cid));
    }
  }
  return [...owners].filter(([, cids]) => cids.size > 1)
    .map(([key, cids]) => ({ room: key.slice(key.indexOf(' ') + 1), kind: 'shared_number', n: Number.parseInt(key, 10), cids: [...cids] }));
}

function findUnaskedDeletions(ledger: Ledger): Violation[] {
  return ledger.history.rooms.flatMap(({ room, rows }) => rows
    .filter((row) => row.deleted && !ledger.changes.get(keyOf(room, row.n))?.some(({ frame }) => frame.t === 'delete'))
    .map(({ n, cid }): Violation => ({ room, kind: 'deleted_unasked', n, cid })));
}
