/**
 * Makes of many calls few: `act` runs at once, and, if asked again meanwhile, once more afterwards.
 * For what is read anew because something changed; a failure is left to whoever looks next.
 */
export function gathered(act: () => Promise<void>): () => void {
  let isRunning = false;
  let isWanted = false;
  async function run() {
    isRunning = true;
    do {
      isWanted = false;
      await act().catch(() => undefined);
    } while (isWanted);
    isRunning = false;
  }
  return () => {
    isWanted = true;
    if (!isRunning) void run();
  };
}
