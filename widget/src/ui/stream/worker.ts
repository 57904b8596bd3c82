import path from 'hls.js/dist/hls.worker.js?url';

type Policies = { defaultPolicy: unknown; createPolicy(name: 'default', rules: { createScriptURL(url: string): string | null }): unknown };

/**
 * The address of what takes a stream's pieces apart beside the page. hls.js hands it over as text, which the page's Trusted
 * Types refuse; this one is let through, a file of ours. Any other address, and all markup, is refused as before.
 */
export function admitWorker(): string {
  const { trustedTypes } = window as { trustedTypes?: Policies };
  const own = new URL(path, location.href).href;
  // A second policy of that name is an error. An extension's own may refuse this address: then it is done in the page.
  if (trustedTypes && !trustedTypes.defaultPolicy) trustedTypes.createPolicy('default', { createScriptURL: (url) => (url === own ? url : null) });
  return path;
}
