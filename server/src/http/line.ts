import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { CloseCode } from '../protocol/index.ts';
import type { Line } from '../room/house.ts';
import type { Direct } from './direct.ts';

/** The handle is gone as soon as the descriptor is. */
type Handled = Socket & { _handle?: { fd: number } | null };

/** Frames go to the TCP socket as they are; ws keeps reading, and writes only its own pongs and the close. */
export class WsLine implements Line {
  /** Kept here: asking the stream costs more than all else that Node does for a write. */
  full = false;
  readonly deflates: boolean;
  #ws: Pick<WebSocket, 'readyState' | 'close' | 'terminate'>;
  #socket: Handled;
  #fd: number;
  #direct: Direct | null;
  /** Bytes that went past the stream. */
  #passed = 0;
  constructor(ws: Pick<WebSocket, 'readyState' | 'close' | 'terminate'>, socket: Handled, direct: Direct | null, deflates: boolean) {
    this.#ws = ws;
    this.deflates = deflates;
    this.#socket = socket;
    this.#fd = socket._handle?.fd ?? -1;
    this.#direct = direct;
  }
  get unsent(): number { return this.#socket.writableLength; }
  get taken(): number { return this.#passed + this.#socket.bytesWritten - this.#socket.writableLength; }
  write(bytes: Uint8Array): void {
    // After a close frame nothing may follow.
    if (this.#ws.readyState !== 1) return;
    const socket = this.#socket;
    let rest = bytes;
    // A stream costs as much as the kernel. Danger: a number of a closed socket is soon another reader's; without a handle there is none.
    if (this.#direct && socket._handle && socket.writableLength === 0) {
      const sent = this.#direct(this.#fd, bytes);
      if (sent > 0) {
        this.#passed += sent;
        if (sent === bytes.length) return;
        rest = bytes.subarray(sent);
      }
    }
    if (!socket.write(rest)) this.full = true;
  }
  end(code: CloseCode, reason: string): void { this.#ws.close(code, reason); }
  cut(): void { this.#ws.terminate(); }
}
