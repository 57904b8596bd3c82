import { constants, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { loadFfi } from '../ffi.ts';

/**
 * The calls of Linux that Node has no name for. Unsafe by nature: a wrong length here ends the process. So buffers are
 * made once, every length is checked where it is used, and only processes that serve nothing but streams come here.
 */
export type Libc = Awaited<ReturnType<typeof openLibc>>;

export const EPOLLIN = 1;
export const EPOLLOUT = 4;
/** An error, or both sides closed. */
export const EPOLLOVER = 8 | 16;
const EPOLLET = 2 ** 31;
const WATCHED = EPOLLET + EPOLLIN + EPOLLOUT;
/** More follows: header and beginning leave in one segment. */
const MSG_MORE = 0x8000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLL_CLOEXEC = 0x80000;
const MFD_CLOEXEC = 1;
const O_TMPFILE = (process.arch === 'x64' ? 0o20200000 : 0o20040000);
const F_DUPFD_CLOEXEC = 1030;
const EVENT_BYTES = process.arch === 'x64' ? 12 : 16;
const FD_AT = process.arch === 'x64' ? 4 : 8;
const EVENTS = 512;
const UV_POLL = 8;
const UV_READABLE = 1;

/** Throws where there is no way to it. */
export async function openLibc() {
  const { dlopen, getCurrentEventLoop } = await loadFfi();
  const [int, bytes, pointer] = ['int32', 'buffer', 'pointer'] as const;
  const { functions: c, lib } = dlopen(null, {
    fcntl: { return: int, arguments: [int, int, int] },
    close: { return: int, arguments: [int] },
    recv: { return: 'int64', arguments: [int, bytes, 'uint64', int] },
    send: { return: 'int64', arguments: [int, bytes, 'uint64', int] },
    sendfile: { return: 'int64', arguments: [int, int, bytes, 'uint64'] },
    write: { return: 'int64', arguments: [int, bytes, 'uint64'] },
    memfd_create: { return: int, arguments: [bytes, 'uint32'] },
    epoll_create1: { return: int, arguments: [int] },
    epoll_ctl: { return: int, arguments: [int, int, int, bytes] },
    epoll_wait: { return: int, arguments: [int, bytes, int, int] },
    uv_handle_size: { return: 'uint64', arguments: [int] },
    uv_poll_init: { return: int, arguments: [pointer, bytes, int] },
    uv_poll_start: { return: int, arguments: [bytes, int, pointer] },
    uv_poll_stop: { return: int, arguments: [bytes] },
    uv_close: { return: 'void', arguments: [bytes, pointer] },
  });
  const epoll = c.epoll_create1(EPOLL_CLOEXEC);
  const event = Buffer.alloc(16);
  const events = Buffer.alloc(EVENTS * EVENT_BYTES);
  const offset = Buffer.alloc(8);
  const name = Buffer.from('stream\0');
  const poll = Buffer.alloc(Number(c.uv_handle_size(UV_POLL)));

  const control = (how: number, fd: number): void => {
    event.writeUInt32LE(WATCHED, 0);
    event.writeInt32LE(fd, FD_AT);
    c.epoll_ctl(epoll, how, fd, event);
  };

  const openNameless = (): number | null => {
    try {
      return openSync(tmpdir(), O_TMPFILE | constants.O_RDWR, 0o600);
    } catch {
      return null;
    }
  };

  return {
    /** From now on it is told when something comes, and when there is room again: once each, not for as long as it lasts. */
    watch: (fd: number): void => control(EPOLL_CTL_ADD, fd),
    unwatch: (fd: number): void => control(EPOLL_CTL_DEL, fd),
    /** Another name for the same open file, that outlives the first. */
    duplicate: (fd: number): number => c.fcntl(fd, F_DUPFD_CLOEXEC, 0),
    close: (fd: number): void => void c.close(fd),
    /** 0 at the end, below 0 when there is nothing now. */
    receive: (fd: number, into: Buffer): number => Number(c.recv(fd, into, BigInt(into.length) as never, 0)),
    send: (fd: number, from: Buffer, more: boolean): number => Number(c.send(fd, from, BigInt(from.length) as never, more ? MSG_MORE : 0)),
    /** Of a file, from `at` to `end`, without a copy of it. */
    sendFile(fd: number, file: number, at: number, end: number): number {
      offset.writeUInt32LE(at, 0);
      return Number(c.sendfile(fd, file, offset, BigInt(end - at) as never));
    },
    /**
     * A file without a name that holds these bytes; below 0 when there can be none. On a disk the kernel keeps it in larger
     * pieces than in memory, and a megabyte of it leaves a third cheaper; where nothing may be written, memory does.
     */
    makeFile(body: Buffer): number {
      const file = openNameless() ?? c.memfd_create(name, MFD_CLOEXEC);
      for (let at = 0; file >= 0 && at < body.length; ) {
        const put = Number(c.write(file, body.subarray(at), BigInt(body.length - at) as never));
        if (put <= 0) {
          c.close(file);
          return -1;
        }
        at += put;
      }
      return file;
    },
    /** Tells what happened since it was asked last, and how much that was; waits for the first of it so long, in ms. */
    take(waitMs: number, each: (fd: number, what: number) => void): number {
      const count = c.epoll_wait(epoll, events, EVENTS, waitMs);
      for (let i = 0; i < count; i += 1) each(events.readInt32LE(i * EVENT_BYTES + FD_AT), events.readUInt32LE(i * EVENT_BYTES));
      return count;
    },
    /** Calls from Node's own event loop whenever something happened. The end is to be waited for by nobody. */
    follow(happened: () => void): () => void {
      const called = lib.registerCallback({ return: 'void', arguments: [pointer, int, int] }, happened);
      c.uv_poll_init(getCurrentEventLoop() as never, poll, epoll);
      c.uv_poll_start(poll, UV_READABLE, called as never);
      return () => {
        c.uv_poll_stop(poll);
        c.uv_close(poll, 0n as never);
        // The loop looks at the handle once more.
        setImmediate(() => setImmediate(() => {
          lib.unregisterCallback(called);
          c.close(epoll);
        }));
      };
    },
  };
}
