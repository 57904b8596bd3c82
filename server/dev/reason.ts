const ERROR_LEVEL = 50;

/** The sentence in a process's last words that says why it ended: its last logged error, else the last thing thrown. */
export function reasonIn(output: string): string | null {
  const lines = output.split('\n').map((line) => line.trim());
  for (const line of lines.toReversed()) {
    const logged = readLogged(line);
    if (logged) return logged;
    const thrown = line.match(/^(?:Uncaught )?\w*Error(?: \[\w+\])?: (.+)$/);
    if (thrown?.[1]) return thrown[1];
  }
  return null;
}

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
