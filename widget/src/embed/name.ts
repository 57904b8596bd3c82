const ID_MAX_CHARS = 255;

/** The room of the page at this address: by host and path, so that two blogs' `/about` are two rooms. */
export const nameOf = (address: string): string => {
  const { host, pathname } = new URL(address, location.href);
  let name = host + pathname;
  try {
    name = decodeURI(name);
  } catch {
    // What was never encoded stays as it is.
  }
  return name.slice(0, ID_MAX_CHARS);
};
