import type { TurnEvent } from '../turn/turn.ts';

/** Events of the listener: turns, with word times on the call's media clock, and faults of recognisers. */
export type ListenerEvent =
  | Extract<
      TurnEvent,
      {
        type:
          | 'speech-started'
          | 'speech-ended'
          | 'turn-started'
          | 'transcript-interim'
          | 'turn-ended-eager'
          | 'turn-resumed'
          | 'turn-ended'
          | 'speech-lost';
      }
    >
  | {
      readonly type: 'fault';
      readonly kind: 'stt.failover' | 'stt.latency_breaker' | 'stt.exhausted';
      readonly vendor: string;
      readonly detail: string;
      /** From the loss to the first sign of life of the replacement. */
      readonly gapMs: number | undefined;
    };
