const ERROR_LEVEL = 50;

/** The sentence in a process's last words that says why it ended: its last logged error, the last thing thrown, or what it said plainly. */
export function reasonIn(output: string): string | null {
  const lines = output.split('\n').filter((line) => line.trim());
  for (const line of lines.toReversed()) {
    const logged = readLogged(line.trim());
    if (logged) return logged;
    const thrown = line.match(/^(?:Uncaught )?\w*Error(?: \[\w+\])?: (.+)$/);
    if (thrown?.[1]) return thrown[1];
  }
  return lines.filter((line) => !line.startsWith('{')).slice(-MOST_PLAIN_LINES).join('\n') || null;
}

const MOST_PLAIN_LINES = 8;

function readLogged(line: string): string | null {
  if (!line.startsWith('{')) return null;
  try {
    const entry: { level?: unknown; msg?: unknown; err?: { message?: unknown } } = JSON.parse(line);
    if (typeof entry.level !== 'number' || entry.level < ERROR_LEVEL) return null;
    const parts = [entry.msg, entry.err?.message].filter((part) => typeof part === 'string');
    return [...new Set(parts)].join(': ') || null;
  } catch {
    return null;
  }
}
