import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import type { House } from '../room/house.ts';
import { Session } from '../room/session.ts';
import { acceptable, adopt } from './deflate.ts';
import type { Direct } from './direct.ts';
import { createDoor, type DoorOptions, type Refusal } from './door.ts';
import { WsLine } from './line.ts';
import { addressKey } from './origin.ts';

/** The way in: an upgrade becomes a line, and text on it reaches a session. */
export type Sockets = {
  readonly size: number;
  /** Tells everybody to come back elsewhere, in batches over `seconds`. */
  drain(seconds: number): Promise<void>;
};
type Options = DoorOptions & { direct: Direct | null; turnedAway: (code: Refusal['code']) => void; /** Of what is our own fault. */ note: (error: unknown) => void };

const DRAIN_STEP_MS = 100;
/** Returning readers a second that another server takes without noticing: the spread told in `bye` grows with them. */
const RETURNS_PER_S = 1_000;

export function addSockets(app: FastifyInstance, house: House, options: Options): Sockets {
  const sessions = new Set<Session>();
  const door = createDoor(options);

  app.get('/ws', {
    websocket: true,
    async preValidation(request, reply) {
      const refusal = door.knock(request);
      if (refusal) {
        const { status, code, retryAfterS, detail } = refusal;
        options.turnedAway(code);
        if (status === 426) reply.header('upgrade', 'websocket');
        if (retryAfterS !== undefined) reply.header('retry-after', retryAfterS);
        return reply.problem(status, code, detail);
      }
      const { headers } = request.raw;
      headers['sec-websocket-extensions'] = acceptable(headers['sec-websocket-extensions']);
      // From here on nothing is answered over HTTP; the response would stay with the socket for its whole life.
      reply.raw.detachSocket(request.raw.socket);
    },
  }, (ws, request) => {
    // The plugin's listener keeps request and reply alive, which is more memory than the rest of the connection.
    ws.removeAllListeners('error');
    ws.on('error', (error) => answerError(error, ws, app, options.note));
    open(ws, request.raw.socket, addressKey(request.ip), request.headers.origin === 'null');
  });

  /** Handlers are attached in the same tick: a frame that came with the upgrade must not be lost. */
  function open(ws: WebSocket, socket: Socket, address: string, sandboxed: boolean): void {
    const line = new WsLine(ws, socket, options.direct, adopt(ws));
    const session = new Session(house, line, { address, sandboxed });
    const leave = door.enter(address);
    sessions.add(session);
    ws.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) session.hearNoise();
      else session.hear(data.toString());
    });
    // After ws's own listener has taken the bytes.
    socket.on('data', () => joinPieces(ws));
    ws.on('close', () => {
      session.leave();
      sessions.delete(session);
      leave();
    });
    socket.on('drain', () => {
      line.full = false;
      session.drained();
    });
  }

  async function drain(seconds: number): Promise<void> {
    const all = [...sessions];
    const steps = Math.max(1, Math.floor((seconds * 1_000) / DRAIN_STEP_MS));
    const batch = Math.ceil(all.length / steps);
    const spread = Math.max(1_000, Math.ceil((all.length / RETURNS_PER_S) * 1_000));
    for (let i = 0; i < all.length; i += batch) {
      for (const session of all.slice(i, i + batch)) session.dismiss(1012, 'restart', [0, spread]);
      if (i + batch < all.length) await new Promise((resolve) => setTimeout(resolve, DRAIN_STEP_MS));
    }
  }

  return { get size() { return sessions.size; }, drain };
}

/**
 * A road may bring a frame in any number of pieces, each of which costs a hundred times its bytes; ws cuts whoever sends
 * too many, so that nobody fills the memory with them. Made one before that, they cost what they carry, and nobody is cut.
 */
function joinPieces(ws: WebSocket): void {
  const { _receiver: receiver } = ws as unknown as { _receiver: { _buffers: Buffer[] } };
  if (receiver._buffers.length > PIECES_MAX) receiver._buffers = [Buffer.concat(receiver._buffers)];
}

const PIECES_MAX = 32;

/** Sockets are opened at /ws only: the plugin would open them at any address, and log which. */
export function guardUpgrades(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.ws && request.routeOptions.url !== '/ws') return reply.problem(404, 'not_found', 'There is nothing at this address.');
  });
}

/**
 * What a stranger's bytes do wrong carries a code: ws answers it with a close frame, which must not be cut off,
 * and it is no news for the log. Anything else is a fault of ours.
 */
export function answerError(error: Error, ws: WebSocket, { log }: Pick<FastifyInstance, 'log'>, note: (error: unknown) => void): void {
  if ('code' in error) return;
  log.error({ err: error }, 'socket failed');
  note(error);
  ws.terminate();
}
