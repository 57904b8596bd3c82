import { DeadlineError } from './pool.ts';

/** What an error says about a statement that was to change rows. `lost` means nobody can say whether it did. */
export type Fate = 'never-left' | 'busy' | 'rolled-back' | 'lost';

export function fateOf(error: unknown): Fate {
  if (error instanceof DeadlineError) return 'lost';
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (neverLeft.has(code) || /^(28|3D)/.test(code)) return 'never-left';
  // 57P01 and 57P02 end a backend whose commit may already be on disk; class 08 and 40003 say that nobody knows.
  if (code === '57P01' || code === '57P02' || code === '40003' || code.startsWith('08')) return 'lost';
  if (/^(40|53|55|57|58)/.test(code) || code === '25006') return 'busy';
  // A state of SQL has a digit; EPIPE, as long and as loud, is a connection that broke.
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? 'rolled-back' : 'lost';
}

/** No connection, or one that Postgres refused before it took a statement. */
const neverLeft = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'CONNECT_TIMEOUT', '57P03', '53300']);
