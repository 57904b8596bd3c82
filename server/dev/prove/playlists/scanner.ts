/**
 * Everything in a text that any reader might take for an address, however carelessly it reads: it knows nothing of
 * playlists but that `#` begins what is no address, and shares nothing with what wrote the text.
 */
export function findAddresses(text: string): string[] {
  const found: string[] = [];
  for (const line of text.split(/[\r\n\v\f\x85\u2028\u2029]+/)) {
    if (line.trim() === '') continue;
    if (!line.trimStart().startsWith('#')) {
      found.push(line);
      continue;
    }
    if (line.includes('#EXT', 1)) found.push(line.slice(line.indexOf('#EXT', 1)));
    for (const [, value = ''] of line.matchAll(/(?:UR[IL]|X-ASSET)[A-Z0-9-]*="?([^",]*)/gi)) found.push(value);
    // Two things have a colon and are no address: the name of a tag, and the time of a day.
    const rest = line.replace(/^#EXT[A-Z0-9-]*:/, '').replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/g, '');
    for (const [address] of rest.matchAll(/[a-z][a-z0-9+.-]*:[^\s",]*/gi)) found.push(address);
    for (const [address] of rest.matchAll(/(?<![a-z0-9+.-]:)\/\/[^\s",]*/gi)) found.push(address);
  }
  return found;
}
