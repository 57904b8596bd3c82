import { tellDay, tellTime } from '../ui/time.ts';

/** 오늘 오후 2:14 */
export function when(at: number, lang: 'ko' | 'en'): string {
  return `${tellDay(at, Date.now(), lang)} ${tellTime(at, lang)}`;
}
