import { cidOf, parseClientFrame } from '../protocol/index.ts';

const FRAMES = 16;

/** What is said between hello and welcome. It is heard then, in its order; nothing is said before, but every change gets its answer. */
export class Early {
  #kept: string[] = [];
  #refused: string[] = [];
  #answersMost: number;

  constructor(answersMost: number) {
    this.#answersMost = answersMost;
  }

  keep(text: string): void {
    if (this.#kept.length < FRAMES) return void this.#kept.push(text);
    const cid = cidOf(parseClientFrame(text));
    if (cid !== undefined && this.#refused.length < this.#answersMost) this.#refused.push(cid);
  }

  end(hear: (text: string) => void, refuse: (cid: string) => void): void {
    for (const text of this.#kept) hear(text);
    for (const cid of this.#refused) refuse(cid);
  }
}
