import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/** On the scale of `nice`, where 0 is usual: each counts a third of the thread it competes with. */
const BEHIND_CALLS = 5;

/**
 * Puts the other threads of this process (garbage collection, compilation, file writes, the embedded database) behind
 * the one that runs the calls. Where cores are few they would take turns with it as equals, and audio would wait for
 * them. Only Linux gives priorities to threads; elsewhere, or where it is not allowed, everything stays as it is.
 */
export function putOtherThreadsBehindCalls(): void {
  if (process.platform !== 'linux') return;
  for (const thread of threadsOfThisProcess()) {
    if (thread === process.pid) continue;
    try {
      setPriority(thread, BEHIND_CALLS);
    } catch {
      // It has ended meanwhile, or the machine does not let us.
    }
  }
}

function threadsOfThisProcess(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [];
  }
}
