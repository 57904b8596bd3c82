/**
 * Enter sends, Shift+Enter breaks a line, and a syllable under composition is never torn.
 * In Korean one Enter both ends the syllable and is meant to send. Browsers tell it in three ways: a composing Enter
 * followed by a plain one, by a line break that is about to be inserted, or by nothing. So both followers send, and
 * whichever comes first is stopped, which leaves nothing for the other.
 */
export type Key = { key: string; shiftKey: boolean; isComposing: boolean; keyCode: number };

export function isSend({ key, shiftKey, isComposing, keyCode }: Key): boolean {
  return key === 'Enter' && !shiftKey && !isComposing && keyCode !== COMPOSING;
}

export function isBreak({ inputType }: { inputType: string }): boolean {
  return inputType === 'insertLineBreak' || inputType === 'insertParagraph';
}

/** Safari says of the Enter that ended a composition only this. */
const COMPOSING = 229;
