/**
 * Enter sends, Shift+Enter breaks a line, and no syllable under composition is torn.
 *
 * The Enter that ends a composition arrives in every order there is: before its end or after it, once or twice, as
 * itself or as 229, or only as a line break about to be inserted (`test/ui/ime-orders.ts` has them, with sources).
 * What it is meant for no browser tells, but the script does. A Hangul syllable is finished as it stands, so one Enter
 * ends it and sends. Kana, Han and pinyin are chosen from, and so is the Hanja that replaces a syllable: Enter chooses.
 */
export type Keys = {
  /** Of these five: keydown, beforeinput, compositionstart, compositionend, blur. After `send` and `stop` the browser is to do nothing of its own. */
  hear(event: Heard): Verdict;
  /** What a field listens with. */
  on(send: Ear): Record<'onkeydown' | 'onbeforeinput' | 'oncompositionstart' | 'oncompositionend' | 'onblur', Ear>;
};
type Ear = (event: Event) => void;
export type Verdict = 'send' | 'stop' | null;

/** As much of an event as is asked for; the type says which of it there is. */
export type Heard = {
  type: string;
  timeStamp: number;
  key?: string;
  code?: string;
  keyCode?: number;
  shiftKey?: boolean;
  altKey?: boolean;
  isComposing?: boolean;
  data?: string | null;
  inputType?: string;
};

/** One for all fields: the second half of an Enter may reach another field than the first, and must not send there. */
export function openKeys(): Keys {
  let composing = false;
  /** Enter was pressed in this composition. */
  let asked = false;
  /** What has been composed since the last key. */
  let ended = '';
  /** When a composition was ended by Enter and sent. */
  let sentAt = NEVER;
  let shift = false;

  function hear(event: Heard): Verdict {
    const { type } = event;
    if (type === 'keydown') return press(event);
    if (type === 'beforeinput') return !shift && BREAK.test(event.inputType ?? '') ? answer(event) : null;
    if (type === 'compositionend') return end(event);
    if (type === 'compositionstart') sentAt = NEVER;
    return turn(type === 'compositionstart');
  }

  function press(event: Heard): Verdict {
    const before = ended;
    ended = '';
    asked = false;
    shift = event.shiftKey === true;
    if (!isEnter(event)) sentAt = NEVER;
    else if (!shift) {
      if (composing || event.isComposing) asked = !event.altKey;
      // Safari has ended the composition by now. Where there was none, a 229 says nothing, and the line break will.
      else if (event.keyCode !== TAKEN || HANGUL.test(before)) return answer(event);
    }
    return null;
  }

  function end({ data, timeStamp }: Heard): Verdict {
    const sends = asked && HANGUL.test(data ?? '');
    turn(false, data ?? '');
    if (!sends) return null;
    sentAt = timeStamp;
    return 'send';
  }

  function turn(begins: boolean, text = ''): null {
    composing = begins;
    asked = false;
    ended = text;
    return null;
  }

  function answer({ timeStamp }: Heard): Verdict {
    return timeStamp - sentAt < SAME_PRESS_MS ? 'stop' : 'send';
  }

  return {
    hear,
    on(send) {
      const ear: Ear = (event) => {
        const verdict = hear(event);
        if (verdict) event.preventDefault();
        if (verdict === 'send') send(event);
      };
      // In small letters: elements have no property for some of these, and Preact would listen for capitals.
      return { onkeydown: ear, onbeforeinput: ear, oncompositionstart: ear, oncompositionend: ear, onblur: ear };
    },
  };
}

/** A key that the input method keeps for itself: it is no shortcut of ours. */
export function isTaken({ isComposing, keyCode }: { isComposing: boolean; keyCode: number }): boolean {
  return isComposing || keyCode === TAKEN;
}

/** Windows masks the key's name, not its place. */
function isEnter({ key, code, keyCode }: Heard): boolean {
  return key === 'Enter' || (keyCode === TAKEN && /Enter$/.test(code ?? ''));
}

/** All that Safari says of the Enter that ended a composition. */
const TAKEN = 229;
const HANGUL = /^\p{sc=Hang}+$/u;
const BREAK = /^insert(LineBreak|Paragraph)$/;
const NEVER = Number.NEGATIVE_INFINITY;

/** A finger needs longer for a second press; both halves of one are made of the same event. */
const SAME_PRESS_MS = 50;

/** Comes with the fields it is for. */
export const keys = openKeys();
