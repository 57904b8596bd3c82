import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

/** The peer everybody writes first: one process, no database, and a loop of `ws.send`. */
const server = createServer();
const sockets = new Set<WebSocket>();
let n = 0;
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('message', (data) => {
    const { cid, text } = JSON.parse(String(data));
    n += 1;
    const frame = JSON.stringify({ t: 'rows', from: n - 1, to: n, rows: [{ n, rev: n, cid, author: 'aaaaaaaaaaaaaaaa', nick: '익명의 너구리', avatar: 'raccoon', text, at: Date.now() }] });
    for (const one of sockets) one.send(frame);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`port ${(server.address() as { port: number }).port}\n`));
process.on('SIGTERM', () => process.exit(0));
