import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { openProxy, type FaultProxy } from './proxy.ts';
import { seedRandom } from './random.ts';

/** A server that says everything back, and remembers what it got. */
async function openEcho(t: Test): Promise<{ port: number; heard: () => string; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const heard: Buffer[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      heard.push(chunk);
      socket.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, heard: () => Buffer.concat(heard).toString(), sockets };
}

async function openBoth(t: Test, seed = 1): Promise<{ proxy: FaultProxy; echo: Awaited<ReturnType<typeof openEcho>>; dial: () => Promise<Line> }> {
  const echo = await openEcho(t);
  const proxy = await openProxy(echo.port, seedRandom(seed));
  t.teardown(() => proxy.close());
  return { proxy, echo, dial: () => openLine(t, proxy.port) };
}

type Line = { socket: Socket; chunks: Buffer[]; until: (text: string) => Promise<void>; closed: Promise<unknown> };

async function openLine(t: Test, port: number): Promise<Line> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  t.teardown(() => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'connect');
  return {
    socket,
    chunks,
    async until(text) {
      while (Buffer.concat(chunks).toString() !== text) await once(socket, 'data');
    },
    closed: once(socket, 'close'),
  };
}

t.test('bytes pass both ways, whole and in order', async (t) => {
  const { proxy, dial } = await openBoth(t);
  const line = await dial();
  line.socket.write('하나 둘 셋');
  await line.until('하나 둘 셋');
  t.equal(proxy.links.size, 1);
  t.equal(proxy.effects.opened, 1);
});

t.test('bytes split into pieces arrive as the same bytes, in more than one piece', async (t) => {
  const { proxy, dial } = await openBoth(t);
  Object.assign(proxy.up, { split: 3 });
  const line = await dial();
  const words = '가나다라마바사아자차'.repeat(10);
  line.socket.write(words);
  await line.until(words);
  t.ok(proxy.effects.pieces >= Buffer.byteLength(words) / 3, `${proxy.effects.pieces} pieces`);
});

t.test('delayed bytes arrive no sooner than asked, and in order', async (t) => {
  const { proxy, dial } = await openBoth(t);
  const line = await dial();
  Object.assign(proxy.down, { delayMs: 40 });
  const began = performance.now();
  line.socket.write('one ');
  line.socket.write('two');
  await line.until('one two');
  t.ok(performance.now() - began >= 39);
  t.ok(proxy.effects.delayedBytes >= 7);
});

t.test('a cut closes both ends and counts only connections that were in use', async (t) => {
  const { proxy, echo, dial } = await openBoth(t);
  const [used, fresh] = [await dial(), await dial()];
  used.socket.write('hi');
  await used.until('hi');
  t.equal(proxy.cut(), 1);
  await Promise.all([used.closed, fresh.closed]);
  t.equal(proxy.effects.cut, 1);
  await Promise.all([...echo.sockets].map((socket) => socket.closed || once(socket, 'close')));
  t.equal(proxy.links.size, 0);
});

t.test('a cut in mid-send lets some bytes through, and never all', async (t) => {
  const { proxy, echo, dial } = await openBoth(t);
  const line = await dial();
  line.socket.write('hello');
  await line.until('hello');
  const cut = proxy.cutMidSend('some', 2_000);
  line.socket.write('x'.repeat(100));
  const { passed, withheld } = (await cut) ?? { passed: 0, withheld: 0 };
  await line.closed;
  t.ok(passed > 0 && withheld > 0 && passed + withheld === 100, `${passed} passed, ${withheld} withheld`);
  t.ok(echo.heard().length <= 5 + passed);
  t.equal(proxy.effects.cutMidSend, 1);
});

t.test('a cut after the send lets all bytes through and no answer back', async (t) => {
  const { proxy, echo, dial } = await openBoth(t);
  const line = await dial();
  line.socket.write('hello');
  await line.until('hello');
  const [socket] = echo.sockets;
  const cut = proxy.cutMidSend('all', 2_000);
  line.socket.write('saved?');
  t.match(await cut, { passed: 6, withheld: 0 });
  await line.closed;
  t.ok(socket);
  if (socket && !socket.closed) await once(socket, 'close');
  t.equal(Buffer.concat(line.chunks).toString(), 'hello');
});

t.test('a cut that meets no bytes in time says so and takes no effect', async (t) => {
  const { proxy, dial } = await openBoth(t);
  const line = await dial();
  t.equal(await proxy.cutMidSend('some', 20), null);
  line.socket.write('later');
  await line.until('later');
  t.equal(proxy.effects.cutMidSend, 0);
});

t.test('a half-open connection swallows bytes, closes for nobody, and leaves new ones well', async (t) => {
  const { proxy, echo, dial } = await openBoth(t);
  const line = await dial();
  line.socket.write('a');
  await line.until('a');
  t.equal(proxy.halfOpen('up'), 1);
  line.socket.write('bcd');
  const other = await dial();
  other.socket.write('e');
  await other.until('e');
  t.equal(echo.heard(), 'ae');
  t.equal(proxy.effects.swallowedBytes, 3);
  line.socket.destroy();
  await line.closed;
  other.socket.write('f');
  await other.until('ef');
  t.equal([...echo.sockets][0]?.closed, false, 'the server still believes in the first connection');
});

t.test('the same seed splits the same bytes in the same places', async (t) => {
  const cuts: number[] = [];
  for (let round = 0; round < 2; round += 1) {
    const { proxy, dial } = await openBoth(t, 7);
    const line = await dial();
    line.socket.write('hello');
    await line.until('hello');
    const cut = proxy.cutMidSend('some', 2_000);
    line.socket.write('x'.repeat(100));
    cuts.push((await cut)?.passed ?? -1);
  }
  t.equal(cuts[0], cuts[1]);
});
