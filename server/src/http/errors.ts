import type { FastifyInstance } from 'fastify';
import type { Errors, Fault } from '../log/errors.ts';
import type { Log } from '../log/messages.ts';
import type { Gate } from './admin.ts';
import { answered } from './api.ts';
import { framesOf } from './problem.ts';

const CODE = /^[a-z][a-z0-9_]{0,39}$/;
const VERSION = /^[\w.+-]{1,40}$/;
const AT = /^[\w./-]{1,80}(:\d{1,9}){0,2}$/;
const BODY_MAX_BYTES = 1_024;
const BAD_ERROR = 'An error is {"code","version","at"?}: a code such as type_error, a version, and a file with its line.';
const OWN_SOURCE = /(?:^|[/\\(])(server\/src\/[\w./-]+\.ts):(\d+)/m;

/** `/api/v1/errors`: what went wrong in widgets, which nobody needs a right to tell, and all that did, for owners. */
export function addErrors(app: FastifyInstance, { log: { errors }, gate }: { log: Pick<Log, 'errors'>; gate: Gate }): void {
  app.post('/api/v1/errors', { bodyLimit: BODY_MAX_BYTES }, async ({ body }, reply) => {
    const fault = readFault(body);
    if (!fault) return reply.problem(400, 'bad_error', BAD_ERROR);
    errors.note({ source: 'widget', ...fault });
    return reply.code(204).send();
  });

  app.get('/api/v1/errors', async (request, reply) => {
    if (!(await gate(request, reply, 'GET /api/v1/errors'))) return reply;
    return reply.header('cache-control', 'no-store').send({ errors: await answered(errors.list()) });
  });
}

/** An error of ours, as far as it may be kept. */
export function noteError(errors: Pick<Errors, 'note'>, version: string, error: unknown): void {
  errors.note({ source: 'server', version, ...faultOf(error) });
}

/** As {@link noteError} made it on another server, or as a widget tells it. Frames that are sandboxed send JSON as text: anything else would have to be asked for first. */
export function readFault(body: unknown): Omit<Fault, 'source'> | null {
  const said = typeof body === 'string' ? parse(body) : body;
  if (typeof said !== 'object' || said === null) return null;
  const { code, version, at = '', ...more } = said as Record<string, unknown>;
  const right = isLike(code, CODE) && isLike(version, VERSION) && (at === '' ? !('at' in said) : isLike(at, AT)) && Object.keys(more).length === 0;
  return right ? ({ code, version, at } as Omit<Fault, 'source'>) : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isLike(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

/** By its class, and by the first line of our own source that its stack names. */
function faultOf(error: unknown): { code: string; at: string } {
  if (!(error instanceof Error)) return { code: 'error', at: '' };
  const code = error.name.replace(/(?<=[a-z\d])(?=[A-Z])/g, '_').toLowerCase();
  const [, file, line] = OWN_SOURCE.exec(framesOf(error)) ?? [];
  return { code: CODE.test(code) ? code : 'error', at: file ? `${file}:${line}` : '' };
}
