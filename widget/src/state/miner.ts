import { sha256Head } from './sha256.ts';

/** In a worker: the first number that, behind the salt and a full stop, hashes to so many leading zero bits. */
self.onmessage = ({ data: { salt, bits } }: MessageEvent<{ salt: string; bits: number }>) => {
  let answer = 0;
  while (Math.clz32(sha256Head(`${salt}.${answer}`)) < bits) answer += 1;
  postMessage(answer);
};
