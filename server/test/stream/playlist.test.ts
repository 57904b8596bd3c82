import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { type Kind, type Options, rewritePlaylist } from '../../src/stream/playlist.ts';
import { StreamError } from '../../src/stream/refusal.ts';

const BASE = 'https://origin.example/live/index.m3u8?session=s%201&bad=%22&empty=&two=1&two=2';
const SAMPLES = `${import.meta.dirname}/samples`;
const MEDIA = ['#EXTM3U', '#EXT-X-TARGETDURATION:6'];
const MASTER = ['#EXTM3U', '#EXT-X-VERSION:10'];
const VARIANT = ['#EXT-X-STREAM-INF:BANDWIDTH=1', 'a.m3u8'];

/** Tells in the open what it leads to. */
const address = (kind: Kind, url: string) => `/ours/${kind}/${encodeURIComponent(url).replaceAll("'", '%27')}`;
const sample = (name: string, options?: Options) => rewritePlaylist(readFileSync(`${SAMPLES}/${name}.m3u8`, 'utf8'), BASE, address, options);
const rewrite = (lines: readonly string[], options?: Options) => rewritePlaylist(lines.join('\n'), BASE, address, options);
/** Only the lines that a head of ours does not have. */
const body = (head: readonly string[], lines: readonly string[], options?: Options) => rewrite([...head, ...lines], options).text.trimEnd().split('\n').slice(head.length);
const fateOf = (text: string, options?: Options): string => {
  try {
    rewritePlaylist(text, BASE, address, options);
    return 'taken';
  } catch (error) {
    if (error instanceof StreamError) return error.code;
    throw error;
  }
};
const spell = (text: string) => text.replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`);
const fate = (lines: readonly string[], options?: Options): string => fateOf(lines.join('\n'), options);
const media = (...lines: string[]) => fate([...MEDIA, ...lines]);
const master = (...lines: string[]) => fate([...MASTER, ...lines]);

t.test('every sample is taken, leads nowhere but to us, and reads the same when it is read again', async (t) => {
  for (const file of readdirSync(SAMPLES)) {
    const { text, uris, ...facts } = sample(file.replace('.m3u8', ''), { variables: { auth: 'k=1' } });
    t.notMatch(text.replaceAll(/\/ours\/\S*?(?=["\n])/g, ''), /[a-z]:|\/\/|\.ts|\.m[p34]|\.json/, file);
    t.match(text, /^#EXTM3U\n[^\r]*[^\r\n]\n$/, file);
    const again = rewritePlaylist(text, 'https://us.example/', address);
    t.same({ ...again, text: '', uris: again.uris.map(({ kind }) => kind), variables: facts.variables }, { ...facts, text: '', uris: uris.map(({ kind }) => kind) }, file);
  }
});

t.test('every tag that leads somewhere leads to us, told by what it leads to', async (t) => {
  const told = (name: string, options?: Options) => sample(name, options).uris.map(({ kind, url }) => `${kind} ${url.replace('https://origin.example', '')}`);
  t.same(told('live').slice(1), ['segment /live/fileSequence2681.ts?token=a%2Fb', 'segment /other/fileSequence2682.ts', 'segment https://ads.example/spot.ts']);
  t.same(told('vod'), ['map /live/init.mp4', 'segment /live/main.mp4', 'segment /live/gone.mp4'], 'each once');
  t.same(told('master'), ['playlist /live/audio/ko.m3u8', 'playlist /live/audio/en.m3u8', 'playlist /live/subs/en.m3u8', 'playlist /live/low/video.m3u8', 'playlist https://cdn.example/hi/video.m3u8', 'playlist /live/low/iframe.m3u8']);
  t.same(told('low-latency').slice(-6), ['part /live/filePart269.0.mp4', 'part /live/filePart269.1.mp4', 'part /live/filePart269.2.mp4', 'map /live/init2.mp4', 'playlist /1M/live.m3u8', 'playlist /4M/live.m3u8']);
  t.same(told('aes-128').slice(0, 3), ['key https://keys.example/key.php?r=52', 'segment https://media.example/fileSequence52-A.ts', 'key /live/key.php?r=53']);
  t.same(told('dateranges').slice(0, 2), ['playlist https://ads.example/ad1.m3u8', 'data /live/ads/list.json?slot=2']);
  t.same(told('session').slice(0, 3), ['data /steering?video=12', 'data /live/lyrics.json', 'key https://keys.example/1']);
  t.same(told('define-media', { variables: { auth: 'k=1' } }), ['key /live/key?k=1', 'segment /live/segment1.ts?k=1']);
});

t.test('addresses are resolved as a browser would, and only the web’s own are taken', async (t) => {
  const at = (reference: string) => rewrite([...MEDIA, '#EXTINF:6,', reference]).uris[0]?.url;
  for (const [reference, url] of [['../a.ts', 'https://origin.example/a.ts'], ['//b.example/c', 'https://b.example/c'], ['?x', 'https://origin.example/live/index.m3u8?x'], ['a b.ts#t=1', 'https://origin.example/live/a%20b.ts'], ['HTTP:\\\\b.example\\c', 'http://b.example/c'], ['한.ts', 'https://origin.example/live/%ED%95%9C.ts'], ['https:a.ts', 'https://origin.example/live/a.ts']] as const) t.equal(at(reference), url, reference);
  for (const reference of ['javascript:alert(1)', 'data:video/mp2t;base64,AA', 'file:///etc/passwd', 'ftp://a/b', 'JaVaScRiPt:1', 'blob:https://a/b', 'http://', 'https://a:99999/', 'https://[::1', 'https://a"b/', 'mailto:a', 'about:blank']) t.equal(media('#EXTINF:6,', reference), 'bad_playlist', reference);
  for (const tag of ['#EXT-X-MAP:URI=""', '#EXT-X-MAP:URI="#x"', '#EXT-X-MAP:URI=" "', '#EXT-X-MAP:URI=init.mp4', '#EXT-X-MAP:URI="data:,x"', '#EXT-X-PART:DURATION=1,URI="file:a"', '#EXT-X-RENDITION-REPORT:URI="skdx:a"', '#EXT-X-DATERANGE:ID="a",X-ASSET-URI="x:y"', '#EXT-X-DATERANGE:ID="a",X-ASSET-LIST=1']) t.equal(media(tag), 'bad_playlist', tag);
  t.equal(media('#EXTINF:6,', `/${'x'.repeat(5_000)}`), 'too_large');
});

t.test('a key that is a file can be fetched, by a way nobody reads; one that a device is licensed for cannot', async (t) => {
  t.match(sample('aes-128').text, /#EXT-X-KEY:METHOD=AES-128,URI="\/ours\/key\/[^"]+",IV=0x9C7DB8778570D05C3177C349FD9236AA,KEYFORMAT="identity",KEYFORMATVERSIONS="1"\n/);
  for (const rest of ['AES-128,URI="skd://1"', 'SAMPLE-AES,URI="a",KEYFORMAT="com.apple.streamingkeydelivery"', 'SAMPLE-AES-CTR,URI="data:,x",KEYFORMAT="urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed"', 'SAMPLE-AES,URI="a",KEYFORMAT="com.widevine"', 'SAMPLE-AES,URI="a",KEYFORMAT="com.microsoft.playready"', 'SAMPLE-AES-CTR,URI="a"', 'ISO-23001-7,URI="a"', 'SAMPLE-AES,URI="a",KEYFORMAT="Identity"']) {
    t.equal(media(`#EXT-X-KEY:METHOD=${rest}`), 'drm_unsupported', rest);
    t.equal(master(`#EXT-X-SESSION-KEY:METHOD=${rest}`), 'drm_unsupported', rest);
  }
  for (const rest of ['AES-128', 'AES-128,URI="http://other.example/k"', 'AES-128,URI="http://origin.example/k"', 'NONE,URI="a"', 'NONE,IV=0x1', 'AES-128,URI="a",IV=1', 'AES-128,URI="a",IV="0x1"', `AES-128,URI="a",IV=0x${'0'.repeat(33)}`, '"AES-128",URI="a"']) t.equal(media(`#EXT-X-KEY:METHOD=${rest}`), 'bad_playlist', rest);
  t.same([media('#EXT-X-KEY:URI="a"'), master('#EXT-X-SESSION-KEY:METHOD=NONE')], ['bad_playlist', 'bad_playlist']);
  const plain = [...MEDIA, '#EXT-X-KEY:METHOD=AES-128,URI="k"'].join('\n');
  t.equal(rewritePlaylist(plain, 'http://origin.example/', address).uris[0]?.url, 'http://origin.example/k', 'unless all of the stream comes that way');
});

t.test('what is no playlist is told from what is a damaged one', async (t) => {
  for (const text of ['', '<html>', '\ufeff#EXTM3U\n#EXT-X-TARGETDURATION:6', ' #EXTM3U\n#EXT-X-VERSION:3', '#EXTM3U8\n#EXT-X-VERSION:3', '#EXTM3U tvg="x"\n#EXT-X-VERSION:3', '#EXTM3U', '#EXTM3U\n#EXTINF:-1,Radio\nhttp://radio.example/', '\0\x01', '#EXTM3U\r#EXT-X-TARGETDURATION:6']) t.equal(fateOf(text), 'not_a_playlist', JSON.stringify(text));
  for (const text of ['#EXTM3U\n#EXT-X-VERSION:3', '#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:1', '#EXTM3U\n#EXT-X-DEFINE:NAME="a",VALUE="b"']) t.equal(fateOf(text), 'bad_playlist', JSON.stringify(text));
  t.equal(fateOf('#EXTM3U \r\n#EXT-X-TARGETDURATION:6\r\n\r\n#EXTINF:1,\t\r\n  a.ts \r\n'), 'taken');
  for (const strange of ['\0', '\x0b', '\x7f', '\x85', '\x9f', '\u2028', '\u2029', '\ufeff', '\ud800', 'a\rb']) t.equal(media(`#EXT-X-DATERANGE:ID="a${strange}b"`), 'bad_playlist', spell(strange));
});

t.test('a playlist, a line and a list of lines end somewhere', async (t) => {
  t.equal(media(`# ${'x'.repeat(1_048_576)}`), 'too_large');
  t.equal(media(...Array.from({ length: 200 }, () => `# ${'한'.repeat(2_000)}`)), 'too_large', 'in bytes');
  t.equal(media(`#EXT-X-DATERANGE:ID="${'x'.repeat(8_192)}"`), 'too_large');
  t.equal(media(...Array.from({ length: 30_000 }, () => '#EXT-X-GAP')), 'too_large');
  t.equal(media(`#EXT-X-DATERANGE:ID="${'/'.repeat(8_000)}"`), 'too_large', 'also a line that grows here');
});

t.test('attribute lists are read to the letter', async (t) => {
  t.same(body(MASTER, ['#EXT-X-STREAM-INF:BANDWIDTH=1 ,\tCODECS="a,b=\'c\'", RESOLUTION=1x2', 'a']).slice(0, 1), ['#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="a,b=\'c\'",RESOLUTION=1x2'], 'but for blanks around commas, older than the rule');
  for (const list of ['', ',', 'BANDWIDTH=1,', ',BANDWIDTH=1', 'BANDWIDTH', 'BANDWIDTH=', 'BANDWIDTH=1,BANDWIDTH=1', 'BANDWIDTH=1,NAME="a', 'BANDWIDTH=1,NAME="a"b', 'BANDWIDTH=1,NAME=a"b"', 'BANDWIDTH=1,NAME="a""b"', 'BANDWIDTH=1 2', 'BANDWIDTH =1', 'BANDWIDTH= 1', 'bandwidth=1', 'BANDWIDTH=1,name="x"', 'BANDWIDTH=1;CODECS="a"']) t.equal(master(`#EXT-X-STREAM-INF:${list}`, 'a'), 'bad_playlist', list);
});

t.test('values are what the draft says they are, and numbers end where it says', async (t) => {
  const good = ['BANDWIDTH=18446744073709551615', 'RESOLUTION=640x360', 'FRAME-RATE=29.97', 'SCORE=0', 'CLOSED-CAPTIONS=NONE', 'CLOSED-CAPTIONS="cc"', 'VIDEO-RANGE=SOMETHING-NEW', 'CODECS=""'];
  const bad = ['BANDWIDTH=18446744073709551616', 'BANDWIDTH=-1', 'BANDWIDTH=1.5', 'BANDWIDTH=0x1', 'BANDWIDTH="1"', `BANDWIDTH=${'9'.repeat(400)}`, 'RESOLUTION=640X360', 'RESOLUTION=640x', 'RESOLUTION="640x360"', 'FRAME-RATE=.5', 'FRAME-RATE=5.', 'FRAME-RATE=1e3', 'FRAME-RATE=-1', 'SCORE=NaN', 'CLOSED-CAPTIONS=cc', 'CODECS=avc1', 'VIDEO-RANGE="SDR"', 'VIDEO-RANGE=a:b', 'AUDIO=aac'];
  const list = (one: string) => (one.startsWith('BANDWIDTH') ? one : `BANDWIDTH=1,${one}`);
  for (const one of good) t.equal(master(`#EXT-X-STREAM-INF:${list(one)}`, 'a'), 'taken', one);
  for (const one of bad) t.equal(master(`#EXT-X-STREAM-INF:${list(one)}`, 'a'), 'bad_playlist', one);
  const lines = {
    taken: ['#EXT-X-BYTERANGE:1', '#EXT-X-BYTERANGE:1@2', '#EXT-X-BITRATE:8', '#EXT-X-PLAYLIST-TYPE:EVENT', '#EXT-X-START:TIME-OFFSET=-1.5', '#EXT-X-MAP:URI="a",BYTERANGE="1@0"', '#EXT-X-MEDIA-SEQUENCE: 7'],
    bad_playlist: ['#EXT-X-BYTERANGE:', '#EXT-X-BYTERANGE:1@', '#EXT-X-BYTERANGE:1@2@3', '#EXT-X-BYTERANGE:-1', '#EXT-X-BITRATE:a', '#EXT-X-PLAYLIST-TYPE:LIVE', '#EXT-X-START:TIME-OFFSET=+1', '#EXT-X-START:PRECISE=YES', '#EXT-X-START:TIME-OFFSET=1,PRECISE=yes', '#EXT-X-MAP:URI="a",BYTERANGE=1', '#EXT-X-MAP:URI="a",BYTERANGE="1-2"', '#EXT-X-MEDIA-SEQUENCE:9007199254740993', '#EXT-X-ENDLIST:x', '#EXT-X-GAP:1', '#EXT-X-VERSION', '#EXT-X-SERVER-CONTROL', '#EXT-X-PART-INF:X=1', '#EXT-X-DISCONTINUITY-SEQUENCE:1.0'],
  };
  for (const [code, all] of Object.entries(lines)) for (const line of all) t.equal(media(line), code, line);
  for (const line of ['#EXTINF:', '#EXTINF:-1,', '#EXTINF:a,', '#EXTINF:1e3,', '#EXTINF:.5,', '#EXTINF:5.,', '#EXTINF:1 2', `#EXTINF:${'9'.repeat(16)},`]) t.equal(media(line, 'a.ts'), 'bad_playlist', line);
  t.same(body(MEDIA, ['#EXTINF: 6', 'a']).slice(0, 1), ['#EXTINF:6,'], 'a missing comma is put in');
});

t.test('what the draft demands is there, and what it allows once is there once', async (t) => {
  for (const tag of ['#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a"', '#EXT-X-MEDIA:TYPE=AUDIO,NAME="a"', '#EXT-X-MEDIA:GROUP-ID="a",NAME="a"', '#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="a",NAME="a",INSTREAM-ID="CC1",URI="a"', '#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="a",NAME="a"', '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="a",NAME="a"', '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1', '#EXT-X-I-FRAME-STREAM-INF:URI="a"', '#EXT-X-SESSION-DATA:VALUE="a"', '#EXT-X-SESSION-DATA:DATA-ID="a"', '#EXT-X-SESSION-DATA:DATA-ID="a",VALUE="a",URI="a"', '#EXT-X-CONTENT-STEERING:PATHWAY-ID="a"']) t.equal(master(tag), 'bad_playlist', tag);
  for (const tag of ['#EXT-X-PART:URI="a"', '#EXT-X-PART:DURATION=1', '#EXT-X-PRELOAD-HINT:URI="a"', '#EXT-X-PRELOAD-HINT:TYPE=PART', '#EXT-X-RENDITION-REPORT:LAST-MSN=1', '#EXT-X-DATERANGE:CLASS="a"', '#EXT-X-SKIP:RECENTLY-REMOVED-DATERANGES="a"', '#EXT-X-MAP:BYTERANGE="1@0"']) t.equal(media(tag), 'bad_playlist', tag);
  for (const tag of ['#EXTM3U', '#EXT-X-TARGETDURATION:6', '#EXT-X-VERSION:3', '#EXT-X-ENDLIST', '#EXT-X-MEDIA-SEQUENCE:1', '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-PART-INF:PART-TARGET=1', '#EXT-X-SERVER-CONTROL:HOLD-BACK=1', '#EXT-X-SKIP:SKIPPED-SEGMENTS=1', '#EXT-X-INDEPENDENT-SEGMENTS']) t.equal(media(tag, tag), 'bad_playlist', tag);
  t.equal(media('#EXT-X-SKIP:SKIPPED-SEGMENTS=4294967295'), 'bad_playlist', 'a player makes room for each of them');
});

t.test('each line stands where it may', async (t) => {
  for (const lines of [['a.ts'], ['#EXTINF:1,'], ['#EXTINF:1,', '#EXTINF:1,', 'a.ts'], ['#EXTINF:1,', 'a.ts', 'b.ts'], ['#EXTINF:1,', 'a.ts', '#EXT-X-MEDIA-SEQUENCE:1'], ['#EXT-X-DISCONTINUITY', '#EXT-X-DISCONTINUITY-SEQUENCE:1'], VARIANT]) t.equal(media(...lines), 'bad_playlist', lines.join(' '));
  for (const lines of [['a.m3u8'], ['#EXT-X-STREAM-INF:BANDWIDTH=1'], ['#EXT-X-STREAM-INF:BANDWIDTH=1', ...VARIANT], [...VARIANT, '#EXT-X-ENDLIST'], [...VARIANT, '#EXTINF:1,', 'a.ts'], [...VARIANT, '#EXT-X-KEY:METHOD=NONE']]) t.equal(master(...lines), 'bad_playlist', lines.join(' '));
  t.equal(master('#EXT-X-STREAM-INF:BANDWIDTH=1', '', '# between', 'a.m3u8'), 'taken');
});

t.test('words go on, and an address in them is taken apart, in all of them alike', async (t) => {
  const { text } = sample('master');
  for (const words of ['NAME="한국어, 원본"', 'NAME="Commentary : https :/ /fans.example/"', 'CHANNELS="16/JOC"']) t.match(text, words);
  t.notMatch(text, /STABLE-RENDITION-ID|ALLOWED-CPC/, 'what only machines compare is left out');
  t.match(text, /#EXT-X-STREAM-INF:PROGRAM-ID=1,BANDWIDTH=7680000,/, 'what the draft has no name for stays');
  t.same(body(MASTER, ['#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a:b//#EXT,URI=c",NAME="a"', '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a:b//#EXT,URI=c"', 'a']).slice(0, 2), ['#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a :b/ /# EXT,URI =c",NAME="a"', '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a :b/ /# EXT,URI =c"']);
  t.match(sample('live').text, /#EXTINF:6.006,Morning show\n[^\n]+\n#EXTINF:5.5,\n/, 'and a title is left out');
});

t.test('what is not known stays only when it cannot be an address', async (t) => {
  const attributes = (list: string) => body(MEDIA, [`#EXT-X-DATERANGE:ID="a",${list}`])[0]?.replace('#EXT-X-DATERANGE:ID="a"', '');
  for (const kept of ['X-A=1.5', 'X-A=0xFF', 'X-A="SKIP,JUMP"', 'X-A="a b"', 'NEW=YES']) t.equal(attributes(kept), `,${kept}`, kept);
  for (const gone of ['X-A="https://a.example"', 'X-A="a.example/x"', 'X-A="mailto:a"', 'X-MY-URI="a"', 'X-URL="a"', 'X-ASSET-OTHER="a"', 'X-A=a:b', 'X-A=a/b', 'X-A="#EXT-X-KEY"']) t.equal(attributes(gone), '', gone);
  for (const kept of ['#EXT-X-CUE-OUT:DURATION=30', '#EXT-X-CUE-IN', '#EXT-OATCLS-SCTE35:/DAlAAAAAAAAAP/wFAUAAAABf+/+', '#EXTGRP:News']) t.same(body(MEDIA, [kept]), [kept], kept);
  for (const gone of ['# comment', '#comment:https://a', '#EXT-X-PREFETCH:https://a.example/b.ts', '#EXT-X-NEW:URI="a.ts"', '#EXT-X-NEW:X="a/b"', '#EXT-X-NEW:a:b', '#EXT-X-NEW://a', '#EXThttp://a', '#EXT X:1', '#EXT-X-ENDLISTS', '#EXT-X-GAP-TYPE:1', '#EXT-X-NEW:#EXT-X-ENDLIST', '#EXT-X-NEW:X-ASSET-LIST=a', '#EXT-X-NEW:{$a}']) t.same(body(MEDIA, [gone]), [], gone);
  t.same(body(MEDIA, ['#EXT-X-PRELOAD-HINT:TYPE=NEW,URI="a"', '#EXT-X-SERVER-CONTROL:X-URI="a"']), [], 'and a tag of which nothing stays goes with it');
});

t.test('variables are filled in where the draft has them, and none is left', async (t) => {
  const { text, uris, variables } = sample('define-master');
  t.equal(uris[0]?.url, 'https://cdn.example/low.m3u8?key=7&s=s%201');
  t.match(text, 'NAME="for s 1"');
  t.notMatch(text, /DEFINE|\{\$/);
  t.same(variables, { auth: 'key=7', host: 'https://cdn.example', low: 'https://cdn.example/low.m3u8?key=7', session: 's 1' }, 'they are told, for the playlists that import them');
  t.match(sample('define-media', { variables: { auth: 'k=1' } }).text, /IV=0x0123456789ABCDEF0123456789ABCDEF\n#EXTINF:6,\n/, 'in hexadecimal numbers, and not in titles');
  t.equal(rewrite([...MASTER, '#EXT-X-DEFINE:QUERYPARAM="two"', '#EXT-X-STREAM-INF:BANDWIDTH=1', '{$two}']).uris[0]?.url, 'https://origin.example/live/1');
  for (const list of ['NAME="a"', 'VALUE="a"', 'NAME="a",VALUE="b",IMPORT="c"', 'NAME="a b",VALUE="c"', 'NAME="",VALUE="c"', 'NAME=a,VALUE="b"', 'IMPORT="nobody"', 'IMPORT="toString"', 'QUERYPARAM="nobody"', 'QUERYPARAM="empty"', 'QUERYPARAM="bad"', 'NAME="a",VALUE="{$a}"', 'NAME="a",VALUE="{$b}"']) t.equal(media(`#EXT-X-DEFINE:${list}`), 'bad_playlist', list);
  t.equal(media('#EXT-X-DEFINE:NAME="a",VALUE="b"', '#EXT-X-DEFINE:NAME="a",VALUE="b"'), 'bad_playlist', 'twice');
  t.equal(media('#EXT-X-MAP:URI="{$a}"', '#EXT-X-DEFINE:NAME="a",VALUE="b"'), 'bad_playlist', 'before it is defined');
  t.equal(media('#EXT-X-MAP:URI="{$a"'), 'taken', 'no reference');
  t.equal(media('#EXT-X-BYTERANGE:{$a}'), 'bad_playlist');
  t.equal(fate([...MASTER, '#EXT-X-DEFINE:IMPORT="a"', ...VARIANT], { variables: { a: 'b' } }), 'bad_playlist', 'a master has nobody to import from');
});

t.test('a variable brings neither quotes nor lines nor more variables, and not more than fits', async (t) => {
  for (const value of ['"', '\n', '\r\n', 'a\u2028b', '{$b}', '\ud800']) t.equal(fate([...MEDIA, '#EXT-X-DEFINE:IMPORT="a"', '#EXT-X-DATERANGE:ID="{$a}"'], { variables: { a: value } }), 'bad_playlist', spell(value));
  t.equal(fate([...MEDIA, '#EXT-X-DEFINE:IMPORT="a"', '#EXT-X-DEFINE:NAME="b",VALUE="b"', '#EXT-X-DATERANGE:ID="{{$a}}"'], { variables: { a: '$b' } }), 'bad_playlist', 'put together from two');
  const doubling = Array.from({ length: 30 }, (_, i) => `#EXT-X-DEFINE:NAME="v${i + 1}",VALUE="{$v${i}}{$v${i}}"`);
  t.equal(media('#EXT-X-DEFINE:NAME="v0",VALUE="ha"', ...doubling), 'too_large');
  t.equal(media('#EXT-X-DEFINE:NAME="a",VALUE="b"', ...Array.from({ length: 66 }, (_, i) => `#EXT-X-DATERANGE:ID="${i}${'{$a}'.repeat(1_000)}"`)), 'too_large', 'in all words together');
});

t.test('a playlist tells what it is', async (t) => {
  t.match(sample('low-latency'), { kind: 'media', targetMs: 4_000, partTargetMs: 333, ended: false, dated: true, canBlock: true, mediaSequence: 266, edge: Date.parse('2026-02-14T02:13:36.106Z') + 12_000 + 667 });
  t.match(sample('vod'), { ended: true, canBlock: false, mediaSequence: 0, partTargetMs: null, edge: Date.parse('2026-01-31T11:15:21.521Z') });
  t.match(sample('live'), { dated: false, edge: null, mediaSequence: 2_680 });
  t.match(sample('master'), { kind: 'master', targetMs: null, dated: false, edge: null, durationMs: 0 });
  t.equal(sample('live').durationMs, 21_512);
  t.match(sample('delta').text, '#EXT-X-SKIP:SKIPPED-SEGMENTS=6,RECENTLY-REMOVED-DATERANGES="ad-1\tad-2"\n', 'and what it left out stays left out');
  t.equal(rewrite(['#EXTM3U', '#EXT-X-TARGETDURATION:0']).targetMs, 1_000, 'never that it changes all the time');
});

t.test('the edge lies behind the last date by what was listed since, parts too', async (t) => {
  const date = (text: string) => `#EXT-X-PROGRAM-DATE-TIME:${text}`;
  const edge = (...lines: string[]) => rewrite([...MEDIA, ...lines]).edge;
  const at = Date.parse('2026-01-01T00:00:00Z');
  t.equal(edge(date('2025-01-01T00:00:00Z'), '#EXTINF:5,', 'a', date('2026-01-01T00:00:00Z'), '#EXTINF:2.5,', 'b', '#EXTINF:1,', 'c'), at + 3_500);
  t.equal(edge('#EXT-X-PART:DURATION=1,URI="a.1"', date('2026-01-01T00:00:00Z'), '#EXT-X-PART:DURATION=1,URI="a.2"', '#EXTINF:2,', 'a', '#EXT-X-PART:DURATION=0.5,URI="b.1"'), at + 2_500, 'parts of a whole segment count once');
  for (const text of ['2026-01-01T09:00:00+09:00', '2026-01-01T09:00:00.000+0900', '2026-01-01T09:00:00+09', '2025-12-31T23:30:00-00:30', '2026-01-01T00:00:00.000000000Z']) t.equal(edge(date(text)), at, text);
  t.match(body(MEDIA, [date('2026-01-01T09:00:00.5+0900')]), [date('2026-01-01T09:00:00.5+09:00')], 'with the colon that not every player does without');
  for (const text of ['', 'now', '2026-01-01', '2026-01-01 00:00:00Z', '2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01T00:60:00Z', '2026-01-01T00:00:60Z', '2026-01-01T00:00Z', '20260101T000000Z', '2026-01-01T00:00:00,5Z', '2026-01-01T00:00:00+24:00', '2026-01-01T00:00:00z', '12026-01-01T00:00:00Z']) t.equal(media(date(text)), 'bad_playlist', text);
  t.match(rewrite([...MEDIA, date('2026-01-01T00:00:00')]), { dated: false, edge: null, text: `${MEDIA.join('\n')}\n` }, 'one without an offset would be another moment to each viewer, and is left out');
  t.notMatch(body(MEDIA, ['#EXT-X-DATERANGE:ID="a",START-DATE="2026-01-01T00:00:00"'])[0], 'START');
});

t.test('a playlist without dates is given ours, before the first segment and after every discontinuity', async (t) => {
  const firstDate = Date.parse('2026-01-01T00:00:00Z');
  const lines = sample('discontinuities', { firstDate }).text.split('\n');
  const dated = lines.flatMap((line, i) => (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:') ? [[line.slice(25), lines[i + 1]?.slice(0, 12)]] : []));
  t.same(dated, [['2026-01-01T00:00:00.000Z', '#EXTINF:6,'], ['2026-01-01T00:00:06.000Z', '#EXTINF:4.5,'], ['2026-01-01T00:00:15.000Z', '#EXTINF:6,'], ['2026-01-01T00:00:21.000Z', '#EXT-X-PART:']]);
  t.match(sample('discontinuities', { firstDate }), { dated: false, edge: null }, 'which are not the origin’s');
  for (const name of ['vod', 'master']) t.equal(sample(name, { firstDate }).text, sample(name).text, name);
  t.equal(fate([...MEDIA, '#EXTINF:999999999999999,', 'a', '#EXT-X-DISCONTINUITY', '#EXTINF:1,', 'b'], { firstDate }), 'bad_playlist', 'no date is that far away');
});

t.test('an address of ours that would not fit into a playlist is a fault of ours', async (t) => {
  for (const ours of ['', '#a', 'a b', 'a"b', 'a\nb', '{$a}', 'é']) t.throws(() => rewritePlaylist([...MEDIA, '#EXT-X-MAP:URI="a"'].join('\n'), BASE, () => ours), TypeError, JSON.stringify(ours));
});
