/** Waits, over real sockets, until something has become true; fails with its wording after a while. */
export async function until(condition: () => boolean, timeoutMs = 5_000): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`never came true: ${condition.toString()}`);
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 2);
    });
  }
}
