import { lookup } from 'node:dns/promises';
import { get } from 'node:http';
import { createGuard } from '../../../src/stream/guard.ts';

const REDIRECTS = 5;

/** What asks carelessly: whatever the address says, wherever it leads. With `looks` the name is looked up and judged first, and then asked by its name. */
export async function askCarelessly(text: string, looks: boolean): Promise<void> {
  let url = URL.parse(text);
  for (let left = REDIRECTS; url && left > 0; left -= 1) {
    const hostname = url.hostname.replace(/^\[|\]$/g, '');
    if (looks && !(await lookup(hostname, { all: true })).every(({ address }) => guard.mayReach(address, hostname))) return;
    const location: string | null = await follow(hostname, url);
    url = location === null ? null : URL.parse(location, url);
  }
}

const guard = createGuard([]);

/** TLS would only come after the connection, and the connection is all that counts. */
function follow(hostname: string, { protocol, port, pathname, search }: URL): Promise<string | null> {
  return new Promise((settle) => {
    const request = get({ hostname, port: port === '' ? (protocol === 'https:' ? 443 : 80) : port, path: `${pathname}${search}`, agent: false }, (response) => {
      response.resume();
      const { location } = response.headers;
      settle(location === undefined ? null : Buffer.from(location, 'latin1').toString());
    });
    request.on('error', () => settle(null));
  });
}
