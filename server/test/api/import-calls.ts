import type { Call } from './calls.ts';

export const importCalls: { readonly [route: string]: Call } = {
  'POST /api/v1/rooms/:id/import': async ({ server, owner }) => {
    const headers = { authorization: `Bearer ${owner}` };
    const body = await (await fetch(`${server.http}/api/v1/rooms/here/export`, { headers })).text();
    return fetch(`${server.http}/api/v1/rooms/copied/import`, { method: 'POST', headers: { ...headers, 'content-type': 'application/x-ndjson' }, body });
  },
};
