import { describe, expect, it } from 'vitest';
import { shutdownSignal } from '../../../src/platform/process/shutdown.ts';

describe('the signal to stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '[F17] comes with %s, and leaves the next one to end the process',
    (name) => {
      const before = process.listeners(name);
      const signal = shutdownSignal();
      const own = process.listeners(name).filter((listener) => !before.includes(listener));
      expect(signal.aborted).toBe(false);
      for (const listener of own) listener(name);
      expect(signal.aborted).toBe(true);
      expect(signal.reason).toBe(name);
      expect(process.listeners(name)).toEqual(before);
    },
  );
});
