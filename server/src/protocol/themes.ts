/** `auto` follows the page or the system; `light` and `dark` are its two shades; the rest are presets, in one shade each. */
export const THEMES = ['auto', 'light', 'dark', 'sepia', 'midnight', 'black'] as const;
export type Theme = (typeof THEMES)[number];

export function isTheme(value: unknown): value is Theme {
  return THEMES.includes(value as Theme);
}

/** Its colours are in a sheet of their own, which only those who ask for it fetch. */
export function isPreset(theme: Theme): boolean {
  return THEMES.indexOf(theme) > THEMES.indexOf('dark');
}

export const PRESETS_SHEET = '/themes.css';
/** Where the picture stands, in a room that has one. */
export const STREAM_SHEET = '/stream.css';
