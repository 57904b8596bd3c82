import { until } from '../support/until.ts';

/** As much of W3C WebDriver as a journey needs: <https://www.w3.org/TR/webdriver2/>. */
export type Session = {
  capabilities: Record<string, unknown>;
  /** A command of this session, such as `url`. */
  post(command: string, body?: object): Promise<unknown>;
  get(command: string): Promise<unknown>;
  /** The element's reference, as commands and scripts want it. */
  find(selector: string): Promise<Reference>;
};
export type Reference = { 'element-6066-11e4-a52e-4f735466cecf': string };

const READY_WITHIN_MS = 10_000;

export async function openSession(driver: string): Promise<Session> {
  if (!(await until(() => isReady(driver), READY_WITHIN_MS))) throw new Error('The driver does not answer');
  const made = await command(driver, 'POST', '/session', { capabilities: {} }) as { sessionId: string; capabilities: Record<string, unknown> };
  const own = `/session/${made.sessionId}`;
  return {
    capabilities: made.capabilities,
    post: (path, body = {}) => command(driver, 'POST', `${own}/${path}`, body),
    get: (path) => command(driver, 'GET', `${own}/${path}`),
    find: async (value) => await command(driver, 'POST', `${own}/element`, { using: 'css selector', value }) as Reference,
  };
}

async function isReady(driver: string): Promise<boolean> {
  return fetch(`${driver}/status`).then((answer) => answer.ok, () => false);
}

async function command(driver: string, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(driver + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  const { value } = await answer.json() as { value: { error?: string; message?: string } | null };
  if (!answer.ok) throw new Error(`${value?.error}: ${value?.message} (${path.replace(/^\/session\/[^/]+/, '')})`);
  return value;
}
