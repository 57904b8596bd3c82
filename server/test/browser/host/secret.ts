/** The ways in which an id may be written down. Half of one would be enough to find the rest of it. */
function spellingsOf(id: string): string[] {
  const bare = id.replaceAll('-', '');
  const bytes = Buffer.from(bare, 'hex');
  return [
    id.slice(0, 13), id.slice(-12), bare.slice(0, 12), [...bare].toReversed().join('').slice(0, 12), encodeURIComponent(id),
    ...[Buffer.from(id), Buffer.from(bare), bytes].flatMap((one) => [one.toString('base64'), one.toString('base64url'), one.toString('hex')]).map((one) => one.replace(/=+$/, '').slice(0, -1)),
  ].map((one) => one.toLowerCase());
}

/** Places (by name, as text) in which the id stands, however it is written. */
export function findSecret(id: string, places: Record<string, string>): string[] {
  const spellings = spellingsOf(id);
  return Object.entries(places).flatMap(([place, text]) => {
    const lower = text.toLowerCase();
    const at = spellings.map((spelling) => lower.indexOf(spelling)).find((index) => index >= 0);
    return at === undefined ? [] : [`${place}: …${text.slice(Math.max(0, at - 60), at + 60)}…`];
  });
}
