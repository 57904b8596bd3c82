/** Runs under Bun: the fastest native fan-out there is for JavaScript, uWebSockets' own publish. */
type Socket = { data: { topic: string }; subscribe(topic: string): void };
type BunServer = { port: number; upgrade(request: Request, options: { data: { topic: string } }): boolean; publish(topic: string, text: string): number };
type Options = { port: number; hostname: string; fetch(request: Request, server: BunServer): Response | undefined; websocket: object };
const { Bun } = globalThis as unknown as { Bun: { serve(options: Options): BunServer } };

/** One topic for each path. */
const counts = new Map<string, number>();

const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: (request, self) => (self.upgrade(request, { data: { topic: new URL(request.url).pathname } }) ? undefined : new Response('', { status: 400 })),
  websocket: {
    perMessageDeflate: false,
    open: (socket: Socket) => socket.subscribe(socket.data.topic),
    message({ data: { topic } }: Socket, data: string) {
      const { cid, text } = JSON.parse(data) as { cid: string; text: string };
      const n = (counts.get(topic) ?? 0) + 1;
      counts.set(topic, n);
      server.publish(topic, JSON.stringify({ t: 'rows', from: n - 1, to: n, rows: [{ n, rev: n, cid, author: 'aaaaaaaaaaaaaaaa', nick: '익명의 너구리', avatar: 'raccoon', text, at: Date.now() }] }));
    },
  },
});
process.stdout.write(`port ${server.port}\n`);
process.on('SIGTERM', () => process.exit(0));
