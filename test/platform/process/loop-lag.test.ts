import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { startLoopLagMonitor } from '../../../src/platform/process/loop-lag.ts';

describe('[F19] the lag of the event loop', () => {
  it('shows a stall right after it, for a second or two', async () => {
    using monitor = startLoopLagMonitor();
    await sleep(50);
    const untilMs = performance.now() + 300;
    while (performance.now() < untilMs);
    await sleep(30);
    expect(monitor.maxMs()).toBeGreaterThan(200);
    expect(monitor.p99Ms()).toBeGreaterThan(200);
    await vi.waitFor(() => expect(monitor.maxMs()).toBeLessThan(200), { timeout: 5_000, interval: 100 });
  });
});
