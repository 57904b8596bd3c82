import type { TestServer } from '../support/server.ts';
import { does, enter, idOf } from '../moderation/desk.ts';
import type { Call } from './calls.ts';

export const privacyCalls: { readonly [route: string]: Call } = {
  'GET /api/v1/mine': async ({ server }) => withTicket(server, 'GET'),
  'DELETE /api/v1/mine': async ({ server }) => withTicket(server, 'DELETE'),
  'GET /api/v1/erasures': ({ server, owner }) => fetch(`${server.http}/api/v1/erasures`, { headers: { authorization: `Bearer ${owner}` } }),
};

async function withTicket(server: TestServer, method: string): Promise<Response> {
  const anna = await enter(server, 'here', { id: idOf(910) });
  await anna.say('안녕하세요');
  const { ticket } = (await does(anna, { t: 'ticket' })) as { ticket: string };
  await anna.close();
  return fetch(`${server.http}/api/v1/mine`, { method, headers: { authorization: `Bearer ${ticket}` } });
}
