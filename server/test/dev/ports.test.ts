import { createServer } from 'node:net';
import t from 'tap';
import { checkPort, findPort, readPort } from '../../dev/ports.ts';

t.test('a taken port is said in one sentence that names the setting', async (t) => {
  const port = await findPort();
  await checkPort('127.0.0.1', port, 'PORT');
  const other = createServer();
  await new Promise<void>((settle) => other.listen(port, '127.0.0.1', settle));
  t.teardown(() => other.close());
  const message = `Port ${port} is taken by another program: stop that one, or choose another with PORT=${port + 10}.`;
  await t.rejects(checkPort('127.0.0.1', port, 'PORT'), { message });
  await t.rejects(checkPort('0.0.0.0', port, 'PORT'), { message });
});

t.test('an address of another machine is said plainly', async (t) => {
  await t.rejects(checkPort('198.51.100.7', await findPort(), 'PORT'), { message: 'HOST is "198.51.100.7", which is no address of this machine: leave it out, or set HOST=0.0.0.0.' });
});

t.test('a port setting is a port', async (t) => {
  t.equal(readPort('ASIDE_TEST_PORT', 8080), 8080);
  t.teardown(() => delete process.env.ASIDE_TEST_PORT);
  for (const wrong of ['0', '65536', '80a', '-1', '8080.5']) {
    process.env.ASIDE_TEST_PORT = wrong;
    t.throws(() => readPort('ASIDE_TEST_PORT', 8080), { message: `ASIDE_TEST_PORT is "${wrong}", and must be a number from 1 to 65535.` });
  }
});
