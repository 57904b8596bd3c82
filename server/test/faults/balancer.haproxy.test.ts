import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { WebSocket, WebSocketServer } from 'ws';
import { findPort } from '../../dev/ports.ts';
import { until } from '../support/until.ts';
import { openClusterBalancer } from './balancer.ts';
import { openKnocks } from './knocks.ts';

type Node = { port: number; ready: boolean; asked: number; sockets: WebSocketServer };

/** Says whether it is ready, answers 503 to all else when it is not, and echoes. */
async function openNode(t: Test): Promise<Node> {
  const node = { ready: true, asked: 0 };
  const http = createServer(({ url }, reply) => {
    if (url !== '/readyz') node.asked += 1;
    reply.writeHead(node.ready ? 200 : 503).end();
  });
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (ws) => ws.on('message', (data) => ws.send(data)));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  t.teardown(() => {
    for (const ws of sockets.clients) ws.terminate();
    http.closeAllConnections();
    http.close();
  });
  return Object.assign(node, { sockets, port: (http.address() as AddressInfo).port });
}

async function openAll(t: Test, manner: Parameters<typeof openClusterBalancer>[2]): Promise<{ nodes: [Node, Node]; balancer: Awaited<ReturnType<typeof openClusterBalancer>>; dial: () => Promise<WebSocket> }> {
  const nodes: [Node, Node] = [await openNode(t), await openNode(t)];
  const balancer = await openClusterBalancer(await findPort(), nodes.map(({ port }) => port), manner);
  t.teardown(() => balancer.close());
  return {
    nodes, balancer,
    async dial() {
      const ws = new WebSocket(`ws://127.0.0.1:${balancer.port}/`);
      t.teardown(() => ws.terminate());
      await once(ws, 'open');
      return ws;
    },
  };
}

const countOf = ({ sockets }: Node): number => sockets.clients.size;

t.test('a node that is taken out keeps its sockets and gets no new ones, until it is put in', async (t) => {
  const { nodes: [one, other], balancer, dial } = await openAll(t, {});
  const kept = await dial();
  const [his, free] = countOf(one) === 1 ? [one, other] : [other, one];
  await balancer.takeOut?.(his.port);
  await Promise.all([dial(), dial(), dial()]);
  t.same([countOf(his), countOf(free)], [1, 3]);
  kept.send('still here');
  t.equal(String((await once(kept, 'message'))[0]), 'still here');
  await balancer.putIn?.(his.port);
  await dial();
  t.equal(countOf(his), 2);
});

t.test('a balancer that ends what it takes out is seen to', async (t) => {
  const { nodes: [one, other], balancer, dial } = await openAll(t, { cuts: true });
  const ended = once(await dial(), 'close');
  await balancer.takeOut?.((countOf(one) === 1 ? one : other).port);
  t.equal((await ended)[0], 1006);
});

t.test('a balancer that ends quiet sockets is seen to, and one that waits a day is not', async (t) => {
  const short = await openAll(t, { tunnelMs: 300 });
  const long = await openAll(t, {});
  const kept = await long.dial();
  t.equal((await once(await short.dial(), 'close'))[0], 1006);
  t.equal(kept.readyState, WebSocket.OPEN);
});

t.test('what a stopping node refuses is seen, and another node’s where the balancer passes on', async (t) => {
  for (const passesOn of [false, true]) {
    const { nodes, balancer } = await openAll(t, { passesOn });
    nodes[0].ready = false;
    const knocks = openKnocks([`http://127.0.0.1:${balancer.port}/`]);
    t.teardown(() => knocks.close());
    await until(() => nodes[1].asked >= 3 && (passesOn ? nodes[0].asked > 0 : knocks.failed.length > 0), 10_000);
    t.equal(knocks.failed.length > 0, !passesOn, passesOn ? 'passed on' : 'seen');
    await knocks.close();
  }
});
