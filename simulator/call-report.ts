import type { Verb } from './twilio/twiml.ts';

/** The report of a simulated call, as measured at the caller and the carrier. Times are milliseconds on the line. */
export interface CallReport {
  readonly callSid: string;
  readonly scenario: string;
  readonly status: 'completed' | 'busy' | 'no-answer' | 'failed';
  readonly endedBy: 'caller' | 'instructions' | 'request' | 'time-limit';
  readonly durationMs: number;
  /** From the first media stream's `start` to the first sound of the agent. */
  readonly greetingMs: number | undefined;
  readonly turns: readonly TurnReport[];
  readonly interruptions: readonly InterruptionReport[];
  /** What the agent was understood to say, one entry for each time it finished. Empty without a listening caller. */
  readonly agentSaid: readonly string[];
  /** Short silences inside the agent's speech because its audio came too late. */
  readonly gaps: number;
  readonly framesSent: number;
  /** Caller frames that the network did not take. */
  readonly framesLost: number;
  /** Maximum delay of a frame sent by the simulator; above 20 ms its measurements are unreliable. */
  readonly latestFrameMs: number;
  readonly streams: number;
  readonly clears: number;
  readonly marksEchoed: number;
  readonly warnings: readonly CarrierWarning[];
  readonly instructions: readonly ExecutedInstruction[];
  readonly webhooks: readonly WebhookReport[];
  /** Cues that the agent never gave. */
  readonly missedCues: readonly string[];
  readonly gaveUp: boolean;
  readonly recordingPath: string | undefined;
}

export interface TurnReport {
  readonly said: string;
  readonly startMs: number;
  readonly lastWordEndMs: number;
  /** End of the caller's last word → first audible sample of the agent; undefined when it spoke already, or never. */
  readonly responseMs: number | undefined;
  /** End of the caller's last word → the agent's first audio arrives from the server (wall clock). */
  readonly firstMediaMs: number | undefined;
  /** The agent was still audible when the caller had finished. */
  readonly overlapped: boolean;
}

export interface InterruptionReport {
  readonly said: string;
  /** When the caller began to speak over the agent. */
  readonly startMs: number;
  /** From then until the caller heard silence; undefined if the agent was not interrupted. */
  readonly silentAfterMs: number | undefined;
  /** From then until the first `clear`. */
  readonly clearedAfterMs: number | undefined;
}

export interface CarrierWarning {
  readonly code: number;
  readonly detail: string;
  readonly atMs: number;
}

export interface ExecutedInstruction {
  readonly verb: Verb['verb'];
  readonly detail: string;
  readonly atMs: number;
}

export interface WebhookReport {
  readonly url: string;
  /** HTTP status, or 0 when there was no answer. */
  readonly status: number;
  readonly durationMs: number;
  /** For a webhook sent twice: whether both answers were the same. */
  readonly sameAnswerTwice?: boolean;
}
