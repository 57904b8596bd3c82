/** One to three emoji and nothing else are drawn larger. */
const only = /^(?:(?:\p{RI}\p{RI}|\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f)(?:\p{EMod}|\ufe0f|\u200d\p{Extended_Pictographic})*\s*){1,3}$/u;

export function isEmojiOnly(text: string): boolean {
  return text.length < 40 && only.test(text);
}
