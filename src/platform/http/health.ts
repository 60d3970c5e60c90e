import type { LoopLagMonitor } from '../process/loop-lag.ts';

/** Whether this process may be given new calls. A live process that is not ready keeps the calls it has. */
export interface Health {
  /** What this process does, for whoever looks at `/readyz`. */
  readonly roles: readonly string[] | undefined;
  /** Set once everything is started, and unset as the first step of stopping. */
  isAcceptingCalls: boolean;
  /** Undefined while ready, else the reason in a word. */
  notReadyReason(): 'not-accepting' | 'event-loop-stalled' | undefined;
}

// One second is fifty missed ticks of audio, which a new call would hear.
const stalledAfterMs = 1_000;

/** The database is not checked, because calls are answered without it. */
export function createHealth(loopLag: Pick<LoopLagMonitor, 'maxMs'>, roles?: readonly string[]): Health {
  return {
    roles,
    isAcceptingCalls: false,
    notReadyReason() {
      if (!this.isAcceptingCalls) return 'not-accepting';
      return loopLag.maxMs() > stalledAfterMs ? 'event-loop-stalled' : undefined;
    },
  };
}
