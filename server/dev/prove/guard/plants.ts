import type { Guard, StreamRefusal } from '../../../src/stream/guard.ts';

/** Guards with a fault that others have had; the second opinion has to see each. */
export const plants: readonly { name: string; judge(url: URL, guard: Guard): StreamRefusal | null }[] = [
  { name: 'carrier-grade NAT is forgotten', judge: forget(/^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./) },
  { name: 'link-local is forgotten', judge: forget(/^169\.254\./) },
  { name: 'IPv4 within IPv6 is forgotten', judge: forget(/^\[::ffff:/) },
  { name: 'NAT64 is forgotten', judge: forget(/^\[64:ff9b:/) },
  { name: 'unique local IPv6 is forgotten', judge: forget(/^\[f[cd]/) },
  { name: '6to4 is forgotten', judge: forget(/^\[2002:/) },
  { name: 'a dot at the end makes another name', judge: forget(/\.$/) },
  { name: 'names below localhost are forgotten', judge: forget(/\.localhost$/) },
  { name: 'names without a dot are forgotten', judge: forget(/^[a-z]+$/) },
  { name: 'names are only compared', judge: (url) => (['localhost', '127.0.0.1', '0.0.0.0', '[::1]'].includes(url.hostname) ? 'private_address' : null) },
  { name: 'user names are read as hosts', judge: (url, guard) => guard.judgeUrl(url.username === '' ? url : new URL(`http://${url.username}/`)) },
  { name: 'every port is asked', judge: (url, guard) => unless(guard.judgeUrl(url), 'bad_port') },
  { name: 'every scheme is asked', judge: (url, guard) => unless(guard.judgeUrl(url), 'bad_url') },
  { name: 'nothing is asked', judge: () => 'private_address' },
];

function forget(hosts: RegExp): (url: URL, guard: Guard) => StreamRefusal | null {
  return (url, guard) => (hosts.test(url.hostname) ? unless(guard.judgeUrl(url), 'private_address') : guard.judgeUrl(url));
}

function unless(code: StreamRefusal | null, forgotten: StreamRefusal): StreamRefusal | null {
  return code === forgotten ? null : code;
}
