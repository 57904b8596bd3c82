/** Node's way to the C library. Throws where Node was built without it, or the machine is no Linux of 64 bits with glibc. */
export async function loadFfi(): Promise<typeof import('node:ffi')> {
  if (process.platform !== 'linux' || (process.arch !== 'x64' && process.arch !== 'arm64')) throw new Error('This works on Linux only.');
  // That it is experimental is our concern (ADR 15), and nothing that an operator could do anything about.
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return await import('node:ffi');
  } finally {
    process.emitWarning = emitWarning;
  }
}
