import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { openDirect } from '../../src/http/direct.ts';
import { encodeFrame } from '../../src/http/frame.ts';
import { WsLine } from '../../src/http/line.ts';
import { until } from '../support/until.ts';

const direct = await openDirect();
const server = createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
t.teardown(() => server.close());

/** Both ends of a connection; `far` reads nothing until it is asked to. */
async function openPair(t: Test): Promise<{ near: Socket; far: Socket }> {
  const far = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  const [near] = await once(server, 'connection') as [Socket];
  t.teardown(() => {
    near.destroy();
    far.destroy();
  });
  return { near, far };
}

function openLine(socket: Socket, how = direct): WsLine {
  return new WsLine({ readyState: 1, close() {}, terminate() {} }, socket, how, false);
}

for (const [name, how] of [['by the kernel', direct], ['by the stream', null]] as const) {
  t.test(`what is written ${name} arrives whole and in order, also when the reader stood still`, async (t) => {
    const { near, far } = await openPair(t);
    const line = openLine(near, how);
    near.on('drain', () => { line.full = false; });
    const frames = Array.from({ length: 40 }, (_, i) => encodeFrame(`${i} ${'가나다라'.repeat(i * 200)}`));
    const wanted: Buffer[] = [];
    while (!line.full) {
      const frame = frames[wanted.length % frames.length] as Buffer;
      wanted.push(frame);
      line.write(frame);
    }
    const all = wanted.reduce((sum, { length }) => sum + length, 0);
    t.ok(line.unsent > 0, `${all} bytes, of which ${line.unsent} wait`);
    t.equal(line.taken + line.unsent, all, 'every byte is either taken or waits');
    const got: Buffer[] = [];
    far.on('data', (bytes: Buffer) => got.push(bytes)).resume();
    t.ok(await until(() => !line.full, 5_000), 'it drains');
    line.write(frames[1] as Buffer);
    const end = Buffer.concat([...wanted, frames[1] as Buffer]);
    t.ok(await until(() => got.reduce((sum, { length }) => sum + length, 0) >= end.length, 5_000));
    t.ok(Buffer.concat(got).equals(end), 'to the letter');
    t.equal(line.taken, end.length);
  });
}

t.test('a descriptor that was closed is never written to, though another connection has its number by then', async (t) => {
  const { near } = await openPair(t);
  const line = openLine(near);
  const number = fdOf(near);
  near.on('error', () => {}).destroy();
  const heard: Buffer[] = [];
  let heir: Socket | undefined;
  for (let tries = 0; !heir && tries < 20; tries += 1) {
    const pair = await openPair(t);
    for (const [end, other] of [[pair.near, pair.far], [pair.far, pair.near]] as const) {
      end.on('data', (bytes: Buffer) => heard.push(bytes)).resume();
      if (fdOf(end) === number) heir = end;
      else if (fdOf(other) === number) heir = other;
    }
  }
  t.ok(heir, 'its number is in use again');
  line.write(encodeFrame('for nobody'));
  heir?.write('the last');
  t.ok(await until(() => heard.length > 0, 5_000));
  t.equal(Buffer.concat(heard).toString(), 'the last');
});

function fdOf(socket: Socket): number {
  return (socket as Socket & { _handle: { fd: number } })._handle.fd;
}
