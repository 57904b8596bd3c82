/** Leaves an origin alone that keeps failing: its readers wait for nothing, and it is not asked while it gets up. */
export type Breaker = { /** Leave to ask, to be told how it went; null while the host rests. */ enter(host: string): Pass | null };
/** Only the first outcome counts. */
export type Pass = (outcome: Outcome) => void;
/** `none`: nothing was learnt of the host. */
export type Outcome = 'good' | 'bad' | 'none';

type State =
  | { is: 'asked'; failedAt: readonly number[] }
  | { is: 'resting'; untilMs: number; restMs: number }
  /** One asks whether it is back; the others are still refused. */
  | { is: 'probed'; restMs: number };

const FAILURES = 5;
const WITHIN_MS = 10_000;
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 30_000;
/** Hosts of which something bad is remembered; the longest known is forgotten first. */
const HOSTS_MAX = 1_000;

export function createBreaker(now: () => number): Breaker {
  const hosts = new Map<string, State>();

  function remember(host: string, state: State): State {
    hosts.delete(host);
    for (const oldest of hosts.keys()) {
      if (hosts.size < HOSTS_MAX) break;
      hosts.delete(oldest);
    }
    hosts.set(host, state);
    return state;
  }

  const rest = (host: string, restMs: number): State => remember(host, { is: 'resting', untilMs: now() + restMs, restMs });

  function fail(host: string): void {
    const state = hosts.get(host) ?? { is: 'asked', failedAt: [] };
    // Those that set out before it rested come home with no news.
    if (state.is !== 'asked') return;
    const at = now();
    const failedAt = [...state.failedAt.filter((then) => at - then < WITHIN_MS), at];
    if (failedAt.length < FAILURES) remember(host, { is: 'asked', failedAt });
    else rest(host, FIRST_REST_MS);
  }

  const pass = (host: string): Pass => once((outcome) => {
    if (outcome === 'good') hosts.delete(host);
    else if (outcome === 'bad') fail(host);
  });

  function probe(host: string, restMs: number): Pass {
    const probed = remember(host, { is: 'probed', restMs });
    return once((outcome) => {
      if (outcome === 'good') hosts.delete(host);
      else if (hosts.get(host) === probed) {
        if (outcome === 'bad') rest(host, Math.min(LONGEST_REST_MS, restMs * 2));
        else remember(host, { is: 'resting', untilMs: now(), restMs });
      }
    });
  }

  return {
    enter(host) {
      const state = hosts.get(host);
      if (!state || state.is === 'asked') return pass(host);
      return state.is === 'probed' || now() < state.untilMs ? null : probe(host, state.restMs);
    },
  };
}

function once(settle: Pass): Pass {
  let settled = false;
  return (outcome) => {
    if (!settled) settle(outcome);
    settled = true;
  };
}
