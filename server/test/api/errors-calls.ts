import type { Call } from './calls.ts';

export const errorsCalls: { readonly [route: string]: Call } = {
  'POST /api/v1/errors': ({ server }) => fetch(`${server.http}/api/v1/errors`, { method: 'POST', body: JSON.stringify({ code: 'type_error', version: 'COALBYgn', at: 'index-COALBYgn.js:1:2345' }) }),
  'GET /api/v1/errors': ({ server, owner }) => fetch(`${server.http}/api/v1/errors`, { headers: { authorization: `Bearer ${owner}` } }),
};
