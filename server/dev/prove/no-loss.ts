import { SERVERS } from '../../test/faults/plan.ts';
import type { Asked, Result } from '../proofs.ts';
import { tryFaults } from './faults.ts';

/** The promise: whatever dies, what was acknowledged is saved, once, in one order, and shown alike to everybody. */
export function prove(asked: Asked): Promise<Result> {
  return tryFaults(asked, SERVERS, { faults: 50, each: 6, pairs: 5 });
}
