import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/** A `nice` value, at which a thread gets a third of the CPU of a competing thread at 0. */
const LOWER_PRIORITY = 5;

/**
 * Lowers the priority of the other threads of this process (garbage collection, compilation, file writes, the embedded
 * database) below the main thread, because on few cores they would delay audio. Only Linux has priorities of threads;
 * elsewhere, or without permission, this does nothing.
 */
export function lowerOtherThreadsPriority(): void {
  if (process.platform !== 'linux') return;
  for (const thread of threadsOfThisProcess()) {
    if (thread === process.pid) continue;
    try {
      setPriority(thread, LOWER_PRIORITY);
    } catch {
      // The thread has ended, or the permission is missing.
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
