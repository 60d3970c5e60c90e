import type { LoopLagMonitor } from '../process/loop-lag.ts';

/** Whether this process may be given new calls. A live process that is not ready keeps the calls it has. */
export interface Health {
  /** Roles of this process, shown at `/readyz`. */
  readonly roles: readonly string[] | undefined;
  /** Set once everything is started, and unset as the first step of shutdown. */
  isAcceptingCalls: boolean;
  /** Undefined while ready. */
  notReadyReason(): 'not-accepting' | 'event-loop-stalled' | undefined;
}

// One second is fifty missed ticks of audio, which would be audible on a new call.
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
