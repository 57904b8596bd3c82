/** A part of a file that one request takes. `at`: which line of the file each of its lines is. */
export type Piece = { text: string; at: readonly number[] };
type Told = { line: string; at: number; n: number; re: number };

/** Much less than the server takes, so that each arrives in its time on a slow line. */
const PIECE_MAX_CHARS = 512 * 1024;

/** Lines of an exported room in pieces; before each, what is answered in it: the server knows those, and by them the answers. */
export function piecesOf(file: string, most = PIECE_MAX_CHARS): Piece[] {
  const known = new Map<number, Told>();
  const pieces: Piece[] = [];
  let [own, brought, size] = [[] as Told[], new Map<number, Told>(), 0];
  for (const [i, line] of file.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const told = { line, at: i + 1, ...numbersOf(line) };
    const answered = known.get(told.re);
    // Of the piece itself, or brought along already, it costs nothing.
    const missing = (): Told | null => (answered && !brought.has(told.re) && answered.at < (own[0]?.at ?? told.at) ? answered : null);
    if (own.length > 0 && size + line.length + (missing()?.line.length ?? 0) > most) {
      pieces.push(pieceOf(own, brought));
      [own, brought, size] = [[], new Map(), 0];
    }
    const brings = missing();
    if (brings) brought.set(told.re, brings);
    size += line.length + (brings?.line.length ?? 0);
    own.push(told);
    known.set(told.n, told);
  }
  return own.length > 0 ? [...pieces, pieceOf(own, brought)] : pieces;
}

function pieceOf(own: readonly Told[], brought: ReadonlyMap<number, Told>): Piece {
  const all = [...[...brought.values()].sort((a, b) => a.at - b.at), ...own];
  return { text: all.map(({ line }) => line).join('\n'), at: all.map(({ at }) => at) };
}

/** What is no line is sent all the same: the server says what is wrong with it. */
function numbersOf(line: string): { n: number; re: number } {
  try {
    const { n, re } = JSON.parse(line) as { n?: unknown; re?: unknown };
    return { n: Number(n ?? 0), re: Number(re ?? 0) };
  } catch {
    return { n: 0, re: 0 };
  }
}
