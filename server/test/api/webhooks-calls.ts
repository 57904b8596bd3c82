import { does, enter, idOf } from '../moderation/desk.ts';
import { until } from '../support/until.ts';
import { openReceiver } from '../webhooks/receiver.ts';
import type { Call, Setting } from './calls.ts';

export const webhooksCalls: { readonly [route: string]: Call } = {
  'GET /api/v1/webhooks': async (setting) => {
    await make(setting);
    return send(setting, 'GET', '/webhooks');
  },
  'POST /api/v1/webhooks': (setting) => make(setting),
  'DELETE /api/v1/webhooks/:number': async (setting) => send(setting, 'DELETE', `/webhooks/${await idOfNew(setting)}`),
  'GET /api/v1/webhooks/:number/deliveries': async (setting) => {
    const { id } = (await (await send(setting, 'POST', '/webhooks', { url: 'http://127.0.0.1:1/', events: ['message'] })).json()) as { id: number };
    const ben = await enter(setting.server, 'here', { id: idOf(921) });
    await ben.say('또 왔어요');
    await ben.close();
    return send(setting, 'GET', `/webhooks/${id}/deliveries?limit=5`);
  },
  'POST /api/v1/webhooks/:number/replay': async (setting) => send(setting, 'POST', `/webhooks/${await idOfNew(setting)}/replay`),
  'POST /api/v1/webhooks/:number/test': async (setting) => send(setting, 'POST', `/webhooks/${await idOfNew(setting)}/test`),
  'POST /api/v1/held': async (setting) => {
    const receiver = await openReceiver();
    await send(setting, 'POST', '/webhooks', { url: receiver.url, events: ['held'], room: 'asked' });
    const anna = await enter(setting.server, 'asked', { id: idOf(920) });
    await anna.say('안녕하세요');
    await send(setting, 'POST', '/rooms/asked/acts', { t: 'mod', do: 'rules', rules: { hold: true } });
    await does(anna, { t: 'say', text: '기다리는 말' });
    await anna.close();
    await until(() => receiver.told.length > 0, 10_000);
    await receiver.close();
    return send(setting, 'POST', '/held', { token: String(receiver.told[0]?.body.approve).split('#held=')[1] });
  },
};

function send({ server, owner }: Setting, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${server.http}/api/v1${path}`, { method, headers: { authorization: `Bearer ${owner}`, ...(body !== undefined && { 'content-type': 'application/json' }) }, ...(body !== undefined && { body: JSON.stringify(body) }) });
}

/** Nobody listens there: what is told waits. */
function make(setting: Setting): Promise<Response> {
  return send(setting, 'POST', '/webhooks', { url: 'http://127.0.0.1:1/', kind: 'slack', events: ['message', 'held'], lang: 'en', room: 'here' });
}

async function idOfNew(setting: Setting): Promise<number> {
  return ((await (await make(setting)).json()) as { id: number }).id;
}
