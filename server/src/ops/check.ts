import { type Config, showSettings } from '../config.ts';

/** What holds, as it is understood. What would be refused is thrown before, all of it at once. */
export async function check(config: Config, say: (line: string) => void): Promise<boolean> {
  for (const { name, value, isSet, secret } of showSettings(config)) say(`${isSet ? '*' : ' '} ${name}=${secret ? (isSet ? '(set)' : '(not set)') : value}`);
  say('* differs from the default. Nothing of it would be refused.');
  return true;
}
