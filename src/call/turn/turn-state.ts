import type { TurnSettings } from '../../business/line/agents/agents.ts';
import type { CallerWord, ReplyKind, TurnDecision } from './turn-event.ts';

/** The state of turn-taking. Immutable; instants are on the monotonic clock given to `decideTurn`. */
export interface TurnState {
  readonly settings: TurnSettings;
  readonly language: string;
  readonly phase: CallPhase;
  readonly reply: Reply;
  readonly spoken: SpokenText;
  readonly caller: CallerTurn;
  readonly voice: Voice;
  readonly speculation: Speculation;
  readonly lastTurn: CommittedTurn | undefined;
  /** Words of the caller that cannot be answered yet: during a running tool, or over protected speech. */
  readonly held: CallerWords | undefined;
  readonly digits: PressedDigits | undefined;
  readonly tools: RunningTools;
  /** Deadline for sound after an answer that ended without any. */
  readonly soundOwedByMs: number | undefined;
  /** When the current silence began, if there is silence. */
  readonly quietSinceMs: number;
  readonly reprompts: number;
  /** Apologies since the caller's last turn. */
  readonly apologies: number;
  /** The caller was asked to repeat, and nothing was understood since. */
  readonly hasAskedToRepeat: boolean;
  readonly isWrapUpSaid: boolean;
  /** True during a dictation or after a request for one; pauses then end a turn later. */
  readonly isPatient: boolean;
}

type CallPhase =
  | { readonly name: 'waiting' }
  | { readonly name: 'live'; readonly openedAtMs: number }
  /** The maximum length is reached: only a sentence in progress may end. */
  | { readonly name: 'closing'; readonly openedAtMs: number; readonly sinceMs: number }
  | { readonly name: 'transferring'; readonly openedAtMs: number }
  | { readonly name: 'ending' };

/** The one reply outstanding. `requested` until the session has named it, `preparing` until its first sound. */
type Reply =
  | { readonly phase: 'none' }
  | ({ readonly phase: 'requested' } & SilentReply)
  | ({ readonly phase: 'preparing'; readonly replyId: string } & SilentReply)
  | ({ readonly phase: 'speaking' } & AudibleReply)
  | ({
      readonly phase: 'paused';
      readonly pausedAtMs: number;
      /** When the reply resumes without words; undecided words postpone it, up to `resumeByMs`. */
      readonly resumeAtMs: number;
      readonly resumeByMs: number;
    } & AudibleReply);

interface SilentReply {
  readonly kind: ReplyKind;
  /** Without sound by then the caller gets an apology; a tool postpones it, up to `ceilingAtMs`. */
  readonly deadlineAtMs: number;
  readonly ceilingAtMs: number;
}

export interface AudibleReply {
  readonly replyId: string;
  readonly kind: ReplyKind;
  /** Moved forward by the length of every pause, so that differences are time spent speaking. */
  readonly audibleAtMs: number;
  /** When sound last began: at the start or after a pause. An echo of it starts just then. */
  readonly soundSinceMs: number;
  readonly deadlineAtMs: number;
  readonly ceilingAtMs: number;
  /** Until then a greeting cannot be interrupted; undefined afterwards. */
  readonly protectedUntilMs: number | undefined;
  readonly falsePauses: number;
}

/** Recent text of the agent, for recognising echoes and questions. */
export interface SpokenText {
  readonly words: readonly string[];
  readonly characters: number;
  readonly lastChunk: string;
  /** Its last question asks for a number, a name or an address. */
  readonly asksToDictate: boolean;
  /** When its sound ended; undefined while it goes on or has not begun. */
  readonly endedAtMs: number | undefined;
}

/** The caller's turn as the recogniser sees it. */
export type CallerTurn =
  | { readonly phase: 'silent' }
  | {
      readonly phase: 'speaking';
      readonly text: string;
      /** Estimated onset of the speech. */
      readonly onsetAtMs: number;
      readonly lastMessageAtMs: number;
      readonly speculations: number;
    };

interface Voice {
  readonly isActive: boolean;
  /** Onset of the current or last activity. */
  readonly onsetAtMs: number;
}

type Speculation = { readonly phase: 'none' } | { readonly phase: 'running'; readonly text: string };

export interface CallerWords {
  readonly text: string;
  readonly words: readonly CallerWord[];
}

export interface CommittedTurn extends CallerWords {
  readonly committedAtMs: number;
  /** A reply has been audible since. */
  readonly isAnswered: boolean;
  /** A tool has acted on it, so it can no longer be changed. */
  readonly hasUsedTool: boolean;
}

interface PressedDigits {
  readonly digits: string;
  /** When the digits count as complete. */
  readonly dueAtMs: number;
}

interface RunningTools {
  readonly running: number;
  /** When we stop waiting for them; meaningless while none runs. */
  readonly patienceUntilMs: number;
}

export interface TurnStep {
  readonly state: TurnState;
  readonly decisions: readonly TurnDecision[];
}

export const nothingSpoken: SpokenText = {
  words: [],
  characters: 0,
  lastChunk: '',
  asksToDictate: false,
  endedAtMs: undefined,
};

export function initialTurnState(settings: TurnSettings, language: string, nowMs: number): TurnState {
  return {
    settings,
    language,
    phase: { name: 'waiting' },
    reply: { phase: 'none' },
    spoken: nothingSpoken,
    caller: { phase: 'silent' },
    voice: { isActive: false, onsetAtMs: nowMs },
    speculation: { phase: 'none' },
    lastTurn: undefined,
    held: undefined,
    digits: undefined,
    tools: { running: 0, patienceUntilMs: nowMs },
    soundOwedByMs: undefined,
    quietSinceMs: nowMs,
    reprompts: 0,
    apologies: 0,
    hasAskedToRepeat: false,
    isWrapUpSaid: false,
    isPatient: false,
  };
}

export function stay(state: TurnState): TurnStep {
  return { state, decisions: [] };
}

export function step(state: TurnState, ...decisions: readonly TurnDecision[]): TurnStep {
  return { state, decisions };
}

/** Applies `next` to the state of a step and appends its decisions. */
export function andThen(before: TurnStep, next: (state: TurnState) => TurnStep): TurnStep {
  const after = next(before.state);
  return { state: after.state, decisions: [...before.decisions, ...after.decisions] };
}

/** True if neither the caller's input nor a reply of the agent is in progress. */
export function isFloorFree(state: TurnState): boolean {
  return (
    state.reply.phase === 'none' &&
    state.caller.phase === 'silent' &&
    state.tools.running === 0 &&
    state.held === undefined &&
    state.digits === undefined &&
    state.soundOwedByMs === undefined
  );
}
