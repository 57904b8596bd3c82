/** Preloaded into the measured process (`--import`), whose own code stays untouched: a message asks for a full collection. */
process.on('message', () => {
  // The kind that compacts and gives pages back, as an idle process does by itself after a while.
  void (globalThis.gc as unknown as (how: object) => void)?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  process.send?.('collected');
});
process.channel?.unref();
