/** Every spelling of patterns parted by commas or lines: `[시씨]발` is two words, `(개|)새끼` as well. */
export function spell(patterns: string): string[] {
  return patterns.split(/[,\n]/).map((pattern) => pattern.trim()).filter(Boolean).flatMap(spellOne);
}

function spellOne(pattern: string): string[] {
  const choice = /\[([^\]]*)\]|\(([^)]*)\)/.exec(pattern);
  if (!choice) return [pattern];
  const [all, letters, parts = ''] = choice;
  const before = pattern.slice(0, choice.index);
  const after = pattern.slice(choice.index + all.length);
  return (letters === undefined ? parts.split('|') : [...letters]).flatMap((one) => spellOne(before + one + after));
}
