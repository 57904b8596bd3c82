import { access, constants } from 'node:fs/promises';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** A Chromium on this machine, or null. */
export async function findChromium(): Promise<string | null> {
  for (const place of [process.env.CHROMIUM, ...PLACES]) {
    if (place && (await access(place, constants.X_OK).then(() => true, () => false))) return place;
  }
  return null;
}

/** Without the last three, a closed network sees a browser that calls home; root needs the first. */
export const CHROMIUM_FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
