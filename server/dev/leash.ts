/** Loaded before the server by `start`: when the process that started it is gone without a word, the server ends too. */
const MS_TO_END = 5_000;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), MS_TO_END).unref();
});
process.channel?.unref();
