import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { findChromium } from './chromium.ts';

/** A program that some tests need, known by how their files end. */
export type Program = {
  name: string;
  ending: string;
  /** Brings the tests back where it is missing. */
  remedy: string;
  /** Its program on this machine, or null. */
  find(): Promise<string | null>;
};

export const programs: readonly Program[] = [
  { name: 'redis-server', ending: '.redis.test.ts', remedy: '`sudo apt-get install redis-server`', find: () => findFirst(['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server']) },
  { name: 'haproxy', ending: '.haproxy.test.ts', remedy: '`sudo apt-get install haproxy`', find: () => findFirst(['/usr/sbin/haproxy', '/usr/local/sbin/haproxy', '/opt/homebrew/bin/haproxy']) },
  { name: 'Prometheus and its Alertmanager', ending: '.prometheus.test.ts', remedy: '`sudo apt-get install prometheus prometheus-alertmanager`', find: async () => (await findFirst(['/usr/bin/amtool'])) && findFirst(['/usr/bin/prometheus']) },
  { name: 'Chromium', ending: '.browser.test.ts', remedy: '`sudo apt-get install chromium`, or CHROMIUM=/path/to/it,', find: findChromium },
  { name: 'Firefox', ending: '.firefox.test.ts', remedy: '`sudo apt-get install firefox-esr`, or FIREFOX=/path/to/it,', find: findFirefox },
  { name: 'WebKitGTK and Xvfb', ending: '.webkit.test.ts', remedy: '`sudo apt-get install webkit2gtk-driver xvfb`', find: async () => (await findXvfb()) && findWebkitDriver() },
  { name: 'ShellCheck', ending: '.shellcheck.test.ts', remedy: '`sudo apt-get install shellcheck`', find: () => findFirst(['/usr/bin/shellcheck', '/usr/local/bin/shellcheck', '/opt/homebrew/bin/shellcheck']) },
  { name: 'kubectl or kustomize', ending: '.kustomize.test.ts', remedy: '`go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.2`', find: findKustomize },
];

export function findFirefox(): Promise<string | null> {
  return findFirst([process.env.FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox']);
}

export function findWebkitDriver(): Promise<string | null> {
  return findFirst(['/usr/bin/WebKitWebDriver']);
}

export function findXvfb(): Promise<string | null> {
  return findFirst(['/usr/bin/Xvfb']);
}

/** Either builds overlays; kubectl has kustomize in it. */
export function findKustomize(): Promise<string | null> {
  return findFirst([process.env.KUSTOMIZE, '/usr/bin/kubectl', '/usr/local/bin/kubectl', '/usr/local/bin/kustomize', '/opt/homebrew/bin/kubectl', '/opt/homebrew/bin/kustomize', path.join(homedir(), 'go/bin/kustomize')]);
}

async function findFirst(places: readonly (string | undefined)[]): Promise<string | null> {
  for (const place of places) {
    if (place && (await access(place, constants.X_OK).then(() => true, () => false))) return place;
  }
  return null;
}
