import { startBlog } from '../../../embed-demo/serve.ts';
import { findPort } from '../../dev/ports.ts';
import { ROOT } from '../../dev/places.ts';
import { buildWidget } from '../../dev/widget.ts';
import { openDatabase, type TestDatabase } from '../support/database.ts';
import { type Chat, startChat } from './chat.ts';
import { type Chromium, type Keeps, openChromium } from './chromium.ts';
import { openReader, type Reader, type Visit } from './reader.ts';

/** The whole product for a journey: database, chat, the demo blog on another site, and browsers at it. */
export type Stage = {
  chat: Chat;
  blog: string;
  sql: TestDatabase['sql'];
  browser(keeps: Keeps): Promise<Chromium>;
  /** A reader with a browser of their own at `/post` of the blog. */
  visit(post: Post, visit?: Omit<Visit, 'url'> & { keeps?: Keeps; /** Another blog than the stage's own. */ at?: string }): Promise<Reader>;
  close(): Promise<void>;
};
export type Post = 'beside-the-text' | 'hangul-lines';

/** `env`: more for the chat, which may know where the blog is. */
export async function openStage(env: (blog: string) => Record<string, string> = () => ({})): Promise<Stage> {
  const open: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(opened: T): T => {
    open.unshift(opened);
    return opened;
  };
  const close = async (): Promise<void> => {
    for (const one of open.splice(0)) await one.close();
  };
  try {
    await buildWidget(ROOT, new AbortController().signal);
    const { url, sql } = keep(await openDatabase());
    const port = await findPort();
    const chat = keep(await startChat(url, env(`http://localhost:${port}`)));
    const blog = keep(await startBlog({ port, host: '127.0.0.1', chatUrl: chat.http })).url;
    const browsers = new Map<Keeps, Promise<Chromium>>();
    const browserOf = (keeps: Keeps): Promise<Chromium> => {
      const opening = browsers.get(keeps) ?? openChromium(keeps).then(keep);
      browsers.set(keeps, opening);
      return opening;
    };
    return {
      chat, blog, sql, close,
      browser: browserOf,
      visit: async (post, { keeps = 'partitioned', at = blog, ...visit } = {}) => openReader(await browserOf(keeps), { ...visit, url: `${at}/${post}` }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
