import { integer, listOf, ms, object, oneOf, type Route, text } from './schema.ts';

const code = text(40, { pattern: '^[a-z][a-z0-9_]{0,39}$' });
const version = text(40, { pattern: '^[\\w.+-]{1,40}$' });
const at = { pattern: '^[\\w./-]{1,80}(:\\d{1,9}){0,2}$', description: 'file and line of our own code' };

/** What went wrong in server and widgets. */
export const errors = {
  'POST /api/v1/errors': {
    summary: 'An error in a widget is counted: its kind, its build and its place in the code; nothing that it says', tag: 'operations',
    body: object({ code, version, at: text(undefined, at) }, ['at']), answers: { 204: null }, codes: ['bad_error'],
  },
  'GET /api/v1/errors': {
    summary: 'Errors of server and widgets by kind, version and place; what was last seen first, at most 200', tag: 'operations',
    answers: { 200: object({ errors: listOf(object({ source: oneOf('server', 'widget'), code, version, at: text(), count: integer(1), firstAt: ms, lastAt: ms })) }) },
  },
} as const satisfies { readonly [route: string]: Route };
