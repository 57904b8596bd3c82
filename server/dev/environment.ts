import { settings } from '../src/config.ts';

type Row = { name: string; about: string; fallback: string; secret: boolean };

/** Every environment variable, from the one place that reads them. */
function rows(): Row[] {
  return Object.entries<{ about: string; fallback: unknown; secret?: true }>(settings).map(([name, { about, fallback, secret }]) => ({
    name, about, secret: secret ?? false, fallback: Array.isArray(fallback) ? fallback.join(',') : String(fallback),
  }));
}

/** The table of the README, between its marks. */
function environmentTable(): string {
  const lines = rows().map(({ name, about, fallback, secret }) => `| \`${name}\`${secret ? ` or \`${name}_FILE\`` : ''} | ${about} | ${fallback === '' ? '' : `\`${fallback}\``} |`);
  return ['| variable | what it does | when unset |', '|---|---|---|', ...lines].join('\n');
}

/** `.env.example`: everything commented out, at its default. */
export function environmentExample(): string {
  const lines = rows().map(({ name, about, fallback }) => `# ${about.replaceAll('`', '')}\n#${name}=${fallback}\n`);
  return `# Every setting of the server. Printed from server/src/config.ts by \`pnpm fix\`.\n\n${lines.join('\n')}`;
}

const TABLE = /(<!-- environment -->\n)[\s\S]*?(\n<!-- \/environment -->)/;

export function withTable(readme: string): string {
  return readme.replace(TABLE, (_, open: string, close: string) => `${open}${environmentTable()}${close}`);
}
