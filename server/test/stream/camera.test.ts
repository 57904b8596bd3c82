import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import t, { type Test } from 'tap';
import { ROOT } from '../../dev/places.ts';
import { findPort } from '../../dev/ports.ts';
import { run } from '../../dev/run.ts';
import { openDatabase } from '../support/database.ts';
import { openServer } from '../support/server.ts';
import { until } from '../support/until.ts';

t.setTimeout(90_000);
const NGINX = '/usr/sbin/nginx';
const FFMPEG = '/usr/bin/ffmpeg';
const MODULES = '/usr/lib/nginx/modules';
const found = [NGINX, FFMPEG, `${MODULES}/ngx_rtmp_module.so`].every((file) => existsSync(file));
const ADMIN_TOKEN = 'a-token-for-tests-that-has-enough-letters';
/** What a camera sends, though nobody stops it. */
const SENT_S = 60;
const LISTED_WITHIN_MS = 30_000;

/** Given to the test as soon as it runs: what fails later must not leave it behind. */
function own(t: Test, file: string, args: string[]): { child: ChildProcess; said(): string } {
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH, LC_ALL: 'C' } });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => { said = (said + text).slice(-4_000); });
  t.teardown(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const over = once(child, 'exit');
    // Without a master, nginx has nobody to end after itself.
    child.kill('SIGTERM');
    await over;
  });
  return { child, said: () => said };
}

/** The file as it is documented, at other ports and in a folder of its own. */
async function openNginx(t: Test): Promise<{ rtmp: string; http: string }> {
  const dir = await mkdtemp(path.join(tmpdir(), 'aside-camera-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  // As root, its worker is another user.
  await chmod(dir, 0o755);
  await mkdir(path.join(dir, 'hls'));
  const [rtmp, http, asked] = [await findPort(), await findPort(), await findPort()];
  const written = await readFile(path.join(ROOT, 'docs/camera/nginx.conf'), 'utf8');
  const changes: [string, string][] = [
    ['load_module modules/', `daemon off;\nmaster_process off;\nload_module ${MODULES}/`], ['pid /run/nginx.pid', `pid ${dir}/pid`], ['error_log /var/log/nginx/error.log', 'error_log stderr'],
    ['listen 1935', `listen 127.0.0.1:${rtmp}`], ['listen 80;', `listen 127.0.0.1:${http};`], ['listen 127.0.0.1:8090', `listen 127.0.0.1:${asked}`], ['http://127.0.0.1:8090/', `http://127.0.0.1:${asked}/`],
    ['hls_path /var/lib/nginx/hls', `hls_path ${dir}/hls`], ['alias /var/lib/nginx/hls/', `alias ${dir}/hls/`],
    ['http {', `http {\n${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${dir}/${one};`).join('\n')}`],
  ];
  const conf = changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`docs/camera/nginx.conf does not say “${from}” any more`);
    return text.replace(from, to);
  }, written);
  await writeFile(path.join(dir, 'nginx.conf'), conf);
  const { child, said } = own(t, NGINX, ['-c', path.join(dir, 'nginx.conf'), '-p', dir, '-e', 'stderr']);
  const address = `http://127.0.0.1:${http}`;
  const up = await until(async () => child.exitCode !== null || (await fetch(address).then(() => true, () => false)), 10_000);
  if (!up || child.exitCode !== null) throw new Error(said());
  return { rtmp: `rtmp://127.0.0.1:${rtmp}`, http: address };
}

const camera = (to: string): string[] => [
  '-v', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc=size=160x90:rate=12', '-f', 'lavfi', '-i', 'sine=frequency=440', '-t', String(SENT_S),
  '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-threads', '1', '-force_key_frames', 'expr:gte(t,n_forced*2)', '-c:a', 'aac', '-f', 'flv', to,
];

t.test('what a camera sends by RTMP becomes HLS by the file in the guide, is attached, and is read through us', { skip: found ? false : 'needs nginx, its RTMP module and ffmpeg: `sudo apt-get install nginx libnginx-mod-rtmp ffmpeg`' }, async (t) => {
  const nginx = await openNginx(t);
  const database = await openDatabase();
  t.teardown(() => database.close());
  const server = await openServer(database.url, { ADMIN_TOKEN, STREAM_ALLOW: new URL(nginx.http).host });
  t.teardown(() => server.close());
  const attach = (): Promise<Response> => fetch(`${server.http}/api/v1/rooms/camera/stream`, {
    method: 'PUT', headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }, body: JSON.stringify({ url: `${nginx.http}/live/talk.m3u8`, title: '오늘 밤' }),
  });

  t.not((await run(FFMPEG, camera(`${nginx.rtmp}/live/talk?key=a-guess`))).code, 0, 'who has not the key sends nothing');
  t.equal((await attach()).status, 422, 'and there is nothing to attach');

  const { child, said } = own(t, FFMPEG, camera(`${nginx.rtmp}/live/talk?key=change-this-key`));
  const listed = await until(async () => child.exitCode !== null || (await fetch(`${nginx.http}/live/talk.m3u8`)).ok, LISTED_WITHIN_MS);
  t.ok(listed && child.exitCode === null, said());
  const answer = await attach();
  t.equal(answer.status, 200);
  const { stream } = await answer.json() as { stream: { id: string; from: number } };
  t.ok(Math.abs(Date.now() - stream.from) < 60_000, 'its picture times are those of now, though it tells none');

  const playlist = await (await fetch(`${server.http}/stream/${stream.id}/index.m3u8`)).text();
  t.match(playlist, /#EXT-X-PROGRAM-DATE-TIME:/);
  t.notMatch(playlist, new URL(nginx.http).host);
  const [segment = ''] = playlist.match(/^\/.+\/segment\/.+$/m) ?? [];
  const piece = await fetch(server.http + segment);
  const bytes = Buffer.from(await piece.arrayBuffer());
  t.equal(piece.headers.get('content-type'), 'video/mp2t');
  t.ok(bytes.length >= 188 && bytes.length % 188 === 0 && bytes[0] === 0x47 && bytes[188] === 0x47, 'whole packets of MPEG-TS');
});
