import { createServer } from 'node:http';
import { Server } from 'socket.io';

/** Socket.IO as its documentation shows it: websocket only, one room, `to(room).emit`. */
const server = createServer();
const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false });
let n = 0;
io.on('connection', (socket) => {
  void socket.join('post');
  socket.on('say', ({ cid, text }: { cid: string; text: string }) => {
    n += 1;
    io.to('post').emit('rows', { from: n - 1, to: n, rows: [{ n, rev: n, cid, author: 'aaaaaaaaaaaaaaaa', nick: '익명의 너구리', avatar: 'raccoon', text, at: Date.now() }] });
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`port ${(server.address() as { port: number }).port}\n`));
process.on('SIGTERM', () => process.exit(0));
