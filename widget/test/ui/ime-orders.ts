import { ENTER, type Ime, MASKED_ENTER, SHIFT_ENTER } from '../../../server/test/browser/ime.ts';
import type { Heard } from '../../src/ui/keys.ts';

/** What a field hears when Enter meets an input method, and what is to come of it. */
export type Order = {
  where: string;
  keyboard: string;
  /** Where it was reported. Order and fields are the report's; the words are ours where it names none. */
  sources: readonly string[];
  moves: readonly Move[];
  sent: readonly string[];
  left: string;
};
export type Move = Omit<Heard, 'timeStamp'> & { /** ms since the one before, when it is not the same press. */ wait?: number };

const OPEN = { isComposing: true };
const KEPT = { keyCode: 229, ...OPEN };
const SHIFT = { shiftKey: true };

/** Told by others, who saw it on machines that we do not have. */
export const reported: readonly Order[] = [
  {
    where: 'Chrome, macOS', keyboard: 'Korean',
    sources: ['https://hyunyikim.github.io/posts/how-to-check-composition-event-in-korean', 'https://github.com/chromium/chromium/blob/007693da6e07862df7c7f827bf5d4cd88a9f6ec0/content/app_shim_remote_cocoa/render_widget_host_view_cocoa.mm'],
    moves: [...composed('안녕하세요'), enter(KEPT), update('안녕하세요'), end('안녕하세요'), up(), enter(), press(), br(), up()],
    sent: ['안녕하세요'], left: '',
  },
  {
    where: 'Chrome, Windows', keyboard: 'Korean (Microsoft)',
    sources: ['https://github.com/NousResearch/hermes-agent/pull/44304'],
    moves: [...composed('한글'), enter({ keyCode: 229 }), end('한글'), enter(), press(), br()],
    sent: ['한글'], left: '',
  },
  {
    where: 'Chrome, Windows', keyboard: 'Korean (Microsoft), 있다 and no Enter at all',
    sources: ['https://github.com/stablyai/orca/issues/11878'],
    moves: [
      masked('KeyD'), start(), update('ㅇ'), masked('KeyL', OPEN), update('이'),
      masked('ShiftLeft', { ...SHIFT, ...OPEN }), { type: 'keydown', key: 'Shift', code: 'ShiftLeft', keyCode: 16, ...SHIFT, ...OPEN },
      masked('KeyT', { ...SHIFT, ...OPEN }), update('있'),
    ],
    sent: [], left: '있',
  },
  {
    where: 'Chrome, Windows', keyboard: 'any: the key goes by another name',
    sources: ['https://github.com/ppy/osu-web/pull/10719', 'https://github.com/stablyai/orca/pull/11616'],
    moves: [...composed('한글'), masked('Enter', OPEN), end('한글')],
    sent: ['한글'], left: '',
  },
  {
    where: 'Electron, macOS', keyboard: 'Korean: a plain Enter before the end',
    sources: ['https://github.com/fathah/hermes-desktop/pull/547'],
    moves: [...composed('안녕하세요'), enter(), end('안녕하세요')],
    sent: ['안녕하세요'], left: '',
  },
  {
    where: 'Safari, macOS', keyboard: 'Korean',
    sources: ['https://github.com/nearai/ironclaw/pull/1140', 'https://bugs.webkit.org/show_bug.cgi?id=165004'],
    moves: [...composed('한글'), end('한글'), enter({ keyCode: 229 }), up()],
    sent: ['한글'], left: '',
  },
  {
    where: 'Safari, macOS', keyboard: 'Japanese',
    sources: ['https://github.com/threema-ch/threema-web/pull/879', 'https://github.com/sstraus/tuicommander/pull/113'],
    moves: [...composed('ねこ', '猫'), end('猫'), enter({ keyCode: 229 }), up()],
    sent: [], left: '猫',
  },
  {
    where: 'Safari, macOS', keyboard: 'Japanese, and Enter once more',
    sources: ['https://github.com/ProseMirror/prosemirror-view/pull/44', 'https://github.com/sstraus/tuicommander/pull/113'],
    moves: [...composed('ねこ', '猫'), end('猫'), enter({ keyCode: 229 }), up(), { ...enter(), wait: 300 }],
    sent: ['猫'], left: '',
  },
  {
    where: 'WebKit with InputMethodUsesCorrectKeyEventOrder, macOS', keyboard: 'Japanese',
    sources: ['https://github.com/WebKit/WebKit/pull/62264', 'https://github.com/WebKit/WebKit/pull/64874'],
    moves: [...composed('ねこ', '猫'), enter(KEPT), end('猫'), up()],
    sent: [], left: '猫',
  },
  {
    where: 'WKWebView, macOS', keyboard: 'Korean: no composition is told of',
    sources: ['https://github.com/xtermjs/xterm.js/pull/5704', 'https://github.com/crynta/terax-ai/pull/1216', 'https://github.com/facebookarchive/draft-js/issues/311'],
    moves: [{ type: 'keydown', key: 'ㅎ', keyCode: 229 }, insert('ㅎ'), swap('하'), swap('한'), enter({ keyCode: 229 }), br()],
    sent: ['한'], left: '',
  },
  {
    where: 'Safari, iOS', keyboard: 'Korean: no composition is told of, and no key is kept',
    sources: ['https://github.com/facebook/lexical/issues/5841', 'https://github.com/facebook/lexical/pull/8475'],
    moves: [insert('ㄱ'), { type: 'beforeinput', inputType: 'deleteContentBackward' }, insert('가'), enter()],
    sent: ['가'], left: '',
  },
  {
    where: 'Firefox, Windows', keyboard: 'Korean',
    sources: ['https://github.com/w3c/uievents/issues/202'],
    moves: [...composed('한글'), enter(KEPT), end('한글'), enter(), press(), br(), up()],
    sent: ['한글'], left: '',
  },
  {
    where: 'Firefox, macOS', keyboard: 'Korean',
    sources: ['https://github.com/w3c/uievents/issues/202'],
    moves: [...composed('한글'), enter(KEPT), end('한글'), press(), br(), up()],
    sent: ['한글'], left: '',
  },
  {
    where: 'Firefox', keyboard: 'Japanese',
    sources: ['https://github.com/threema-ch/threema-web/pull/879', 'https://github.com/w3c/uievents/issues/202'],
    moves: [...composed('ねこ', '猫'), enter(OPEN), end('猫'), up()],
    sent: [], left: '猫',
  },
  {
    where: 'Firefox and Chromium, Linux', keyboard: 'Japanese (Fcitx with Mozc): the key comes before the browser knows',
    sources: ['https://github.com/yomidevs/yomitan/pull/2082'],
    moves: [...composed('ねこ', '猫'), enter({ keyCode: 229 }), end('猫')],
    sent: [], left: '猫',
  },
  {
    where: 'Chromium, macOS', keyboard: 'Chinese: the key comes after the end',
    sources: ['https://github.com/NousResearch/hermes-agent/pull/41026'],
    moves: [...composed('zhong wen', '中文'), end('中文'), enter({ keyCode: 229 })],
    sent: [], left: '中文',
  },
  {
    where: 'Windows and Linux', keyboard: 'Chinese',
    sources: ['https://github.com/getpaseo/paseo/issues/314'],
    moves: [...composed('ni hao', 'nihao'), enter(OPEN), end('nihao')],
    sent: [], left: 'nihao',
  },
  {
    where: 'Chrome, Android', keyboard: 'Gboard, English: every word is a composition, and Enter is a 229 with a line break',
    sources: ['https://github.com/froala/wysiwyg-editor/issues/4546', 'https://github.com/amiantos/lurker/issues/623'],
    moves: [insert('Hello, '), ...composed('World'), enter(KEPT), br()],
    sent: ['Hello, World'], left: '',
  },
  {
    where: 'Chrome, Android', keyboard: 'Gboard, Korean: the composition stays open',
    sources: ['https://github.com/rmyndharis/VSCodroid/pull/434', 'https://github.com/rmyndharis/VSCodroid/pull/438'],
    moves: [...composed('한글'), enter(OPEN), press(), br()],
    sent: ['한글'], left: '',
  },
  {
    where: 'Chromium, Windows', keyboard: 'none, but every key says 229',
    sources: ['https://github.com/kernel/kernel-images/pull/335'],
    moves: [{ type: 'keydown', key: 'a', code: 'KeyA', keyCode: 229 }, insert('a'), enter({ keyCode: 229 }), press(), br()],
    sent: ['a'], left: '',
  },
];

type Recorded = Omit<Order, 'where' | 'sources'> & { field: 'lines' | 'one line'; hands: readonly (readonly [keyof Ime, ...unknown[]])[] };

/** Recorded here: fired by Chromium, which the browser tests let fire them again and compare. */
export const recorded: readonly Recorded[] = [
  {
    keyboard: 'Korean: the input method keeps Enter', field: 'lines',
    hands: [['compose', 'ㅎ', '한'], ['take', ENTER], ['commit', '한'], ['release', ENTER]],
    moves: [start(), ...written('ㅎ', '한'), enter(KEPT), ...written('한'), end('한'), up()],
    sent: ['한'], left: '',
  },
  {
    keyboard: 'Korean: Enter is repeated after the end', field: 'lines',
    hands: [['compose', '한'], ['take', ENTER], ['commit', '한'], ['release', ENTER], ['press', ENTER], ['release', ENTER]],
    moves: [start(), ...written('한'), enter(KEPT), ...written('한'), end('한'), up(), enter(), press(), br(), { ...br(), type: 'input' }, up()],
    sent: ['한'], left: '',
  },
  {
    keyboard: 'Korean: the key goes by another name', field: 'lines',
    hands: [['compose', '한'], ['take', MASKED_ENTER], ['commit', '한']],
    moves: [start(), ...written('한'), masked('Enter', OPEN), ...written('한'), end('한')],
    sent: ['한'], left: '',
  },
  {
    keyboard: 'Korean: the key is not kept, and the composition stays open', field: 'lines',
    hands: [['compose', '한'], ['press', ENTER], ['release', ENTER]],
    moves: [start(), ...written('한'), enter(OPEN), press(OPEN), br(), { type: 'input', inputType: 'insertCompositionText', ...OPEN }, up(OPEN)],
    sent: ['한'], left: '',
  },
  {
    keyboard: 'Korean: a syllable becomes Hanja', field: 'lines',
    hands: [['compose', '한', '漢'], ['take', ENTER], ['commit', '漢'], ['release', ENTER]],
    moves: [start(), ...written('한', '漢'), enter(KEPT), ...written('漢'), end('漢'), up()],
    sent: [], left: '漢',
  },
  {
    keyboard: 'Korean: Shift and Enter', field: 'lines',
    hands: [['compose', '한'], ['take', SHIFT_ENTER], ['commit', '한'], ['press', SHIFT_ENTER]],
    moves: [start(), ...written('한'), enter({ ...KEPT, ...SHIFT }), ...written('한'), end('한'), enter(SHIFT), press(SHIFT), br(), { ...br(), type: 'input' }],
    sent: [], left: '한\n',
  },
  {
    keyboard: 'Japanese', field: 'lines',
    hands: [['compose', 'ねこ', '猫'], ['take', ENTER], ['commit', '猫'], ['release', ENTER]],
    moves: [start(), ...written('ねこ', '猫'), enter(KEPT), ...written('猫'), end('猫'), up()],
    sent: [], left: '猫',
  },
  {
    keyboard: 'Chinese: the letters themselves', field: 'lines',
    hands: [['compose', 'ni hao'], ['take', ENTER], ['commit', 'nihao'], ['release', ENTER]],
    moves: [start(), ...written('ni hao'), enter(KEPT), ...written('nihao'), end('nihao'), up()],
    sent: [], left: 'nihao',
  },
  {
    keyboard: 'Korean, in a field of one line', field: 'one line',
    hands: [['compose', '한'], ['take', ENTER], ['commit', '한'], ['release', ENTER], ['press', ENTER], ['release', ENTER]],
    moves: [start(), ...written('한'), enter(KEPT), ...written('한'), end('한'), up(), enter(), press(), br(), up()],
    sent: ['한'], left: '',
  },
  {
    keyboard: 'English: a word under composition, in a field of one line', field: 'one line',
    hands: [['compose', 'fox'], ['press', ENTER], ['release', ENTER]],
    moves: [start(), ...written('fox'), enter(OPEN), press(OPEN), br(), up(OPEN)],
    sent: ['fox'], left: '',
  },
];

function enter(fields: Partial<Move> = {}): Move { return { type: 'keydown', key: 'Enter', code: 'Enter', keyCode: 13, ...fields }; }
function masked(code: string, fields: Partial<Move> = {}): Move { return { type: 'keydown', key: 'Process', code, keyCode: 229, ...fields }; }
function up(fields: Partial<Move> = {}): Move { return { ...enter(fields), type: 'keyup' }; }
function press(fields: Partial<Move> = {}): Move { return { ...enter(fields), type: 'keypress' }; }
function br(): Move { return { type: 'beforeinput', inputType: 'insertLineBreak' }; }
function insert(data: string): Move { return { type: 'beforeinput', inputType: 'insertText', data }; }
function swap(data: string): Move { return { type: 'beforeinput', inputType: 'insertReplacementText', data }; }
function start(): Move { return { type: 'compositionstart', data: '' }; }
function update(data: string): Move { return { type: 'compositionupdate', data }; }
function end(data: string): Move { return { type: 'compositionend', data }; }
function composed(...texts: string[]): Move[] { return [start(), ...texts.map(update)]; }
function written(...texts: string[]): Move[] {
  return texts.flatMap((data) => [update(data), ...['beforeinput', 'input'].map((type) => ({ type, inputType: 'insertCompositionText', data, ...OPEN }))]);
}
