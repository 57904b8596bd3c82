/** A browser's storage, its cookies, and those that refuse, to try what is kept where. */
export function createStorage(): Storage {
  const storage: Storage = Object.create({
    getItem: (key: string) => (Object.hasOwn(storage, key) ? String(storage[key]) : null),
    setItem: (key: string, value: string) => { storage[key] = value; },
    removeItem: (key: string) => { delete storage[key]; },
  });
  return storage;
}

export function denyStorage(): Storage {
  throw new DOMException('The operation is insecure.', 'SecurityError');
}

/** As `document.cookie` behaves over https: one assignment sets one cookie. */
export function createCookies(): { cookie: string; readonly last: string } {
  const cookies = new Map<string, string>();
  let last = '';
  return {
    get last() { return last; },
    get cookie() { return [...cookies].map((pair) => pair.join('=')).join('; '); },
    set cookie(line) {
      last = line;
      const [, name = '', value = ''] = line.match(/^([^=]+)=([^;]*)/) ?? [];
      cookies.set(name, value);
    },
  };
}
