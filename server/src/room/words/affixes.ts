/** What people write before and behind a swear word without a blank, and which words no one takes for half of one. */
type Affixes = ReadonlySet<string>;

/** How long a run may be that is taken apart, in letters; longer ones are other words. */
export const RUN_MAX = 24;

/** Whether a run is made of these parts and nothing else. An empty run is. */
export function isMadeOf(run: string, parts: Affixes): boolean {
  if (run === '') return true;
  if (run.length > RUN_MAX) return false;
  // Bit i: the first i letters can be taken apart.
  let reached = 1;
  for (let end = 1; end <= run.length; end += 1) {
    for (let start = 0; start < end; start += 1) {
      if ((reached & (1 << start)) !== 0 && parts.has(run.slice(start, end))) {
        reached |= 1 << end;
        break;
      }
    }
  }
  return (reached & (1 << run.length)) !== 0;
}

const words = (text: string) => text.trim().split(/\s+/);
/** As skeletons have them: each sound once. */
const once = (word: string) => word.replace(/([a-z])\1+/g, '$1');

/** English: what begins a compound, and what ends one. */
export const fore: Affixes = new Set(words(`
  mother muther mutha motha father bull horse dumb jack smart fat dip cluster mind un holy oh omg what the wtf no so such you u ur your yo eat suck go get this that dumb stupid big old
  bad lame lazy half kick kiss bat ape chicken dog hot my im and super ultra mega giga total totally absolutely abso fucking fuckin shit ass dick cock piss
  butt candy tight hard wise sweet son hey lol lmao what why who how is are damn god goddamn hella dirty filthy ugly white black sand camel full give
`).map(once));
export const aft: Affixes = new Set(words(`
  s es z ed er ers ing in ings y ier iest ies ish ry ery able ness head heads face faces hole holes wad wads wit wits bag bags boy boys tard tards load loads stain stains
  up off out it its you ur your me my this that them him her us show post poster posting storm hat hats wipe wipes licker lickers lick sucker suckers sucking suck rag rags fest ton tons
  ass asses bird birds brain brains bucket buckets biscuit biscuits nugget nuggets burger lord lords stick sticks shit tier talk talking goblin for house cake cakes
  ting ter ters ty tiest yeah all right now lol lmao and the all so is are bro man dude like just what why who how no yes really god damn wanker monkey monkeys
  boi bois tits munch muncher pig pigs slut whore bitch bitches fuck fucker fucks cunt cunts dick cock am kid kids girl sauce
`).map(once));
/** Short words that stand beside each other by chance: "sh it" is a command and a word. */
export const common: Affixes = new Set(words(`
  a i it is as us he hi ho in on at an am to do go so no me my we be by or of if up ok oh ah who re was can not get got let the and for but you are had has have his her him how now
  our out own see she too two use way why yes off old one per put ran run sat saw say set sit six top try win with that this hit has pen push wash class pass mass bass ass hole her ore hore
  ex mr ms st dr tv pc ai uk u re ve ll bit bits ton tone cut nut cock tail dig dam mother father sucker head rap ape age
`).map(once));

/** Korean: what stands before without changing the word, and the endings of a last syllable that stands apart. */
export const koreanFore: Affixes = new Set(words(`
  개 존나 졸라 존내 조낸 씹 핵 쌩 상 왕 생 완전 진짜 진심 정말 참 아 야 와 하 오 어 에 에휴 어휴 아휴 휴 후 에이 에라이 이런 저런 그런 이 저 그 요 이거 저거 그거 뭐 뭔 뭐야 무슨 왜 걍 그냥 좀 근데 아니 헐 음 으 으아 악
  너 넌 니 네 너네 니들 너희 느그 얘 쟤 저게 이게 그게 어디서 어따 인생 미친 시발 씨발 병신 좆 새끼 놈 년 또 에잇 우와 와씨 아오 아놔 아나 하하 ㅋ 응 엉 앙 옘병 염병 지랄 같은 한국 모두 죄다 다들
  진심으로 정말로 그래 그니까 닥쳐 꺼져 죽어 빨리 제발 역겨운 더러운 멍청한 못생긴 한심한
`));
export const koreanAft: Affixes = new Set(words(`
  아 야 이 은 는 을 를 의 에 도 만 들 가 와 과 로 으로 이다 임 인 이야 이네 이냐 입니다 네 냐 다 요 놈 년 놈아 년아 놈들 년들 것 거 새끼 새끼야 새끼들 새끼들아 새끼가 아이 같은 같네 같다 이라 라 라고 이라고 하네 하냐 하고 하지 하는 해 한다
  진짜 존나 개 좀 뭐 왜 너 나 이게 저게 아주 하다 한 할 함 에게 한테 께 부터 까지 보다 처럼 이나 나 랑 이랑 이며 며 든 든지 마저 조차 밖에 짓 ㅋ
`));
/** What may follow when the syllables stand apart: less, since 가입 시 바로 is no swear. */
export const koreanAftApart: Affixes = new Set(words('아 야 놈 년 놈아 년아 놈들 년들 새끼 새끼야 새끼들 새끼들아 것들 진짜 존나 하네 하지 하고 하냐 같은 같네 같다 ㅋ'));
/** Laughs, sighs and other swears around initials. */
export const jamoAround: Affixes = new Set(words('ㅋ ㅎ ㄷ ㅉ ㅇㅇ ㅈㄴ ㄹㅇ ㅇㄴ ㅁㅊ ㄹㅁ ㅅㄲ ㄴㄷ ㅅㅂ ㅆㅂ ㅂㅅ ㅈㄹ'));
/** ㅅㅂㄴ is somebody, ㅂㅅㅇ a call. */
export const jamoAfter: Affixes = new Set([...jamoAround, ...words('ㅇ ㄴ ㄴㅇ ㄴㅁ')]);
export const jamoLaughs: Affixes = new Set(words('ㅋ ㅎ ㄷ ㅉ'));
