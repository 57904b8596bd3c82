import type { LiveRow } from '../protocol/index.ts';

type Meta = { room: string; site: string; title: string | null; exportedAt: number };
export type Format = { type: string; head(meta: Meta): string; row(row: LiveRow): string };

const columns = ['n', 'at', 'author', 'nick', 'avatar', 'text', 're', 'pic', 'edited', 'pin', 'reactions'];

/** How a room is written into a file: a head, and each row. */
export const formats = {
  ndjson: {
    type: 'application/x-ndjson; charset=utf-8',
    head: (meta) => line({ aside: 1, ...meta }),
    row: ({ rev: _, ...row }) => line(row),
  },
  csv: {
    type: 'text/csv; charset=utf-8',
    // Without the mark Excel reads Korean as something else.
    head: () => `\ufeff${record(columns)}`,
    row: ({ n, at, author, nick, avatar, text, re, pic, edited, pin, reactions }) => record([
      n, iso(at), author, nick, avatar, text, re, iso(pic), iso(edited), pin && 'yes', reactions && JSON.stringify(reactions),
    ]),
  },
  md: {
    type: 'text/markdown; charset=utf-8',
    head: ({ title, room, exportedAt }) => `# ${plain(title ?? room)}\n\n${iso(exportedAt)}\n`,
    row: ({ n, at, nick, text }) => `\n**${plain(nick)}** · ${iso(at)} · \\#${n}\n\n> ${text.split(/\r\n|\r|\n/).map(plain).join('\n>\n> ')}\n`,
  },
} as const satisfies Record<string, Format>;

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function iso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/** RFC 4180. A cell that a spreadsheet would calculate begins with an apostrophe; those of full width count there too. */
function record(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map((cell = '') => `"${String(cell).replace(/^[=+\-@\t\r\n＝＋－＠]/u, "'$&").replaceAll('"', '""')}"`).join(',')}\r\n`;
}

/** Words that mean nothing to Markdown: it lets each of its signs be escaped, and indented lines would be code. */
function plain(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').trim().replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
