import type { VendorFaults } from './faults.ts';

/** The script of one telephone call: who calls, what they do and when, and which faults occur. Plain data. */
export interface Scenario {
  readonly name: string;
  /** One line for a list. */
  readonly description: string;
  readonly caller: CallerPerson;
  readonly steps: readonly Step[];
  /** What happens when the call is passed on with `<Dial>`. */
  readonly dial?: DialOutcome;
  readonly carrier?: CarrierBehaviour;
  readonly faults?: VendorFaults;
}

interface CallerPerson {
  /** E.164; `anonymous` withholds it. */
  readonly phone: string;
  /** 1 is normal. */
  readonly speakingSpeed?: number;
  readonly line?: LineQuality;
}

export interface LineQuality {
  /** Background noise, as its level: 100 is a quiet room, 500 a busy street. */
  readonly noiseLevel?: number;
  /** The agent's audio returns as an echo 20 dB lower, as from a speakerphone. */
  readonly echoesAgent?: boolean;
}

/** What the caller does next. Without `when` it waits until the agent has spoken and finished. */
export type Step =
  | { readonly say: string; readonly when?: Cue }
  /** Digits, `*` and `#`, a quarter of a second each. */
  | { readonly press: string; readonly when?: Cue }
  /** A loud noise that is not speech. */
  | { readonly coughMs: number; readonly when?: Cue }
  /** `politely`: the telephone signals the hang-up. `abruptly`: the connection breaks without a signal. */
  | { readonly hangUp: 'politely' | 'abruptly'; readonly when?: Cue }
  /** Says nothing, whatever the agent does. */
  | { readonly staySilentMs: number; readonly when?: Cue };

export type Cue =
  /** The agent has spoken since the last step, and then was silent for 700 ms. */
  | 'agent-finished'
  /** As before, and what it said since the last step matches this regular expression (in any case). */
  | {
      readonly afterAgentSays: string;
      /** The silence that is enough, once it has said so; 700 ms by default. */
      readonly quietMs?: number;
    }
  /** This long after the end of the last step, whatever the agent does. */
  | { readonly afterMs: number }
  /** This long into what the agent says next (or is saying). */
  | { readonly intoAgentSpeechMs: number };

export interface DialOutcome {
  readonly result: 'answered' | 'busy' | 'no-answer' | 'failed';
  readonly ringMs: number;
  /** What the transfer target says before hanging up. */
  readonly personSays?: string;
}

export interface CarrierBehaviour {
  /** The voice webhook arrives twice, at the same moment. */
  readonly postsVoiceWebhookTwice?: boolean;
  /** `twice`: each status callback is repeated. `disordered`: `completed` arrives before `in-progress`. */
  readonly statusCallbacks?: 'once' | 'twice' | 'disordered';
  /** Media frames from the caller stop for a while, and the timestamps jump. */
  readonly mediaGap?: { readonly afterMs: number; readonly durationMs: number };
}
