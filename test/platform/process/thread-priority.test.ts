import { getPriority } from 'node:os';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lowerOtherThreadsPriority } from '../../../src/platform/process/thread-priority.ts';

describe.runIf(process.platform === 'linux')('the priority of threads', () => {
  it('[L12] puts every thread behind the one that runs the calls, and leaves that one where it is', () => {
    const before = getPriority();
    lowerOtherThreadsPriority();
    const others = readdirSync('/proc/self/task')
      .map(Number)
      .filter((thread) => thread !== process.pid);
    expect(others.length).toBeGreaterThan(0);
    for (const thread of others) expect(getPriority(thread)).toBeGreaterThan(before);
    expect(getPriority(process.pid)).toBe(before);
  });
});
