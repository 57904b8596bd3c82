/** What can be seen of words at a glance, without knowing what they mean. */
export type Shape = {
  /** The same for words that differ only in case, blanks, digits, signs and repeated letters; empty where nothing else is there. */
  key: string;
  links: number;
  emoji: number;
  /** Nothing else is in it. */
  onlyEmoji: boolean;
  /** The longest run of one letter, and how many lines there are. */
  run: number;
  lines: number;
  /** Marks heaped on one letter, at most. */
  marks: number;
};

/** Two texts of so many letters alike are alike. */
const KEY_CHARS = 48;

/** One pass over the text, whatever it holds. */
export function shapeOf(text: string): Shape {
  const shape: Shape = { key: '', links: countLinks(text), emoji: 0, onlyEmoji: false, run: 0, lines: 1, marks: 0 };
  let [last, run, marks, others] = ['', 0, 0, 0];
  for (const letter of text) {
    if (letter === '\n') shape.lines += 1;
    run = letter === last ? run + 1 : 1;
    if (letter.trim() !== '') shape.run = Math.max(shape.run, run);
    if (mark.test(letter)) {
      shape.marks = Math.max(shape.marks, (marks += 1));
      continue;
    }
    marks = 0;
    if (emoji.test(letter)) shape.emoji += 1;
    else if (!beside.test(letter)) others += 1;
    if (letter !== last && shape.key.length < KEY_CHARS && word.test(letter)) shape.key += letter.toLowerCase();
    last = letter;
  }
  shape.onlyEmoji = shape.emoji > 0 && others === 0;
  return shape;
}

/** Addresses with or without their scheme, and those written so that they do not look like one. */
function countLinks(text: string): number {
  return text.match(address)?.length ?? 0;
}

const emoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;
const mark = /\p{Mn}|\p{Me}/u;
const word = /\p{L}/u;
/** What may stand among emoji: blanks, joiners, and the digits and tones that emoji are made of. */
const beside = /[\s\u200d\ufe0f\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]/u;
// No part of it can match what the part before it could: it looks at each letter a bounded number of times.
const address = /(?:h(?:tt|xx)ps?:\/\/|www\.)[^\s]|[a-z0-9-](?:\.| ?[([]\.[)\]] ?| ?\(?\bdot\b\)? ?)(?:com|net|org|io|co|kr|me|gg|ru|cn|xyz|top|site|shop|link|ly|info|biz|tv|app|dev|club|online|store|live|vip|bet)(?![a-z0-9])/gi;
