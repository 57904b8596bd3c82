import type { Lang } from './words/words.ts';

/** 오후 2:14 */
export function tellTime(at: number, lang: Lang): string {
  return form(lang, { timeStyle: 'short' }).format(at);
}

/** 오늘, 어제, 11월 21일 (토), and the year where it is another. */
export function tellDay(at: number, now: number, lang: Lang): string {
  const days = Math.round((startOf(at) - startOf(now)) / 86_400_000);
  if (days > -2) return new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }).format(days, 'day');
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return form(lang, sameYear ? { month: 'long', day: 'numeric', weekday: 'short' } : { dateStyle: 'long' }).format(at);
}

/** 1.2천, 1.2K */
export function tellCount(count: number, lang: Lang): string {
  return (counts[lang] ??= new Intl.NumberFormat(lang, { notation: 'compact', maximumFractionDigits: 1 })).format(count);
}

// Made once each: a format costs more to make than a thousand dates to write.
const counts: Partial<Record<Lang, Intl.NumberFormat>> = {};
const forms = new Map<string, Intl.DateTimeFormat>();

function form(lang: Lang, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = lang + Object.keys(options);
  const known = forms.get(key) ?? new Intl.DateTimeFormat(lang, options);
  forms.set(key, known);
  return known;
}

function startOf(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
