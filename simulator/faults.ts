/**
 * Latency and faults of the simulated vendors, as plain data: part of a scenario, set by a test at run time, or sent to
 * another process as JSON. A vendor reads the current behaviour when a connection, a turn, a request or an utterance
 * begins.
 */
export interface VendorFaults {
  readonly deepgram?: DeepgramBehaviour;
  readonly openai?: ChatBehaviour;
  readonly elevenlabs?: SpeakBehaviour;
}

export interface DeepgramBehaviour {
  /** Flux and Nova. */
  readonly listen?: ListenBehaviour;
  /** Aura, over the socket and over HTTP. */
  readonly speak?: SpeakBehaviour;
}

export interface ListenBehaviour {
  readonly latency?: Partial<ListenLatency>;
  readonly faults?: readonly ListenFault[];
}

export interface ChatBehaviour {
  readonly latency?: Partial<ChatLatency>;
  readonly faults?: readonly ChatFault[];
}

export interface SpeakBehaviour {
  readonly latency?: Partial<SpeakLatency>;
  readonly faults?: readonly SpeakFault[];
}

export interface ListenLatency {
  /** From the upgrade request to its answer. */
  readonly connectMs: number;
  /** Wall time from audio received to anything said about it; on top of the recogniser's own lag on audio time. */
  readonly resultMs: number;
  /** Silence after the last word at which an end-of-turn threshold of 0.7 is passed; other thresholds scale. */
  readonly endOfTurnMs: number;
  /** The same for an eager threshold of 0.4. */
  readonly eagerEndOfTurnMs: number;
}

export interface ChatLatency {
  /** From the request to the response headers. */
  readonly connectMs: number;
  /** From the request to the first token. */
  readonly firstTokenMs: number;
  readonly perTokenMs: number;
}

export interface SpeakLatency {
  readonly connectMs: number;
  /** From the text that triggers generation to its first audio. */
  readonly firstAudioMs: number;
  /** Wall time per unit of audio time: 0.2 delivers speech five times faster than it is heard, 0 all at once. */
  readonly realTimeFactor: number;
}

export const LISTEN_LATENCY: ListenLatency = {
  connectMs: 30,
  resultMs: 0,
  endOfTurnMs: 260,
  eagerEndOfTurnMs: 100,
};
export const CHAT_LATENCY: ChatLatency = { connectMs: 5, firstTokenMs: 250, perTokenMs: 15 };
export const SPEAK_LATENCY: SpeakLatency = { connectMs: 30, firstAudioMs: 90, realTimeFactor: 0.2 };

/** Which occasions a fault hits. Several faults may be listed; the first that applies wins. */
export interface Aim {
  /** How many occasions are hit; all of them by default. */
  readonly times?: number;
  /** Only every n-th occasion (3: the third, the sixth …), counted over all connections of the vendor. */
  readonly everyNth?: number;
  /**
   * Only what mentions this text: the address that a socket or a request for speech was made to, the messages of a
   * request to the model. With it, calls that go on at the same time have each their own faults.
   */
  readonly where?: string;
}

/** The request, or the upgrade of a socket, is answered with this HTTP status. */
export interface Refusal extends Aim {
  readonly type: 'refuse';
  readonly status: number;
  readonly retryAfterSeconds?: number;
  /** Overrides the vendor's usual error code for the status, for instance `insufficient_quota`. */
  readonly code?: string;
}

/**
 * The stream goes wrong after so many units.
 * `reset`: TCP reset. `close`: orderly close without the vendor's terminal marker. `stall`: the connection stays
 * open without further messages. `malformed`: one unreadable message, after which the stream goes on.
 * `error`: the vendor's own error message, then its close. `unfinished`: everything but the terminal marker arrives.
 */
export interface Cut<Unit extends string> extends Aim {
  readonly type: 'reset' | 'close' | 'stall' | 'malformed' | 'error' | 'unfinished';
  readonly unit: Unit;
  /** Whole units that still get through; 0 cuts before the first. Ignored by `unfinished`. */
  readonly after: number;
}

/** `word`: recognised words of a turn (an occasion is a turn). `byte`: audio received (an occasion is a connection). */
export type ListenFault = Refusal | Cut<'word'> | Cut<'byte'>;

/** An occasion is a request. */
export type ChatFault = (Refusal | Cut<'token'> | BadToolCall) & {
  /** Only requests for this model, so that the fallback model can succeed. */
  readonly model?: string;
};

/** Hits requests that would have called a tool. */
export interface BadToolCall extends Aim {
  readonly type: 'invalid-arguments' | 'unknown-tool';
}

/** `byte`: audio sent for an utterance (an occasion is an utterance: a context, a flush, a request). */
export type SpeakFault = Refusal | Cut<'byte'>;

/** Counts occasions against a list of faults. Setting a new list starts all counts again. */
export class FaultBook<Fault extends Aim> {
  #rules: { readonly fault: Fault; seen: number; hits: number }[] = [];

  set(faults: readonly Fault[] | undefined): void {
    this.#rules = (faults ?? []).map((fault) => ({ fault, seen: 0, hits: 0 }));
  }

  /** The fault that hits this occasion, if any. Every rule that applies counts the occasion, hit or not. */
  strike<Kind extends Fault>(applies: (fault: Fault) => fault is Kind): Kind | undefined {
    let struck: Kind | undefined;
    for (const rule of this.#rules) {
      if (!applies(rule.fault)) continue;
      rule.seen += 1;
      const isDue = rule.seen % (rule.fault.everyNth ?? 1) === 0;
      if (struck || !isDue || rule.hits >= (rule.fault.times ?? Infinity)) continue;
      rule.hits += 1;
      struck = rule.fault;
    }
    return struck;
  }

  /** The book as it concerns one connection or request, which mentions `text`. */
  about(text: string): FaultsOf<Fault> {
    return {
      strike: <Kind extends Fault>(applies: (fault: Fault) => fault is Kind) =>
        this.strike((fault): fault is Kind => isAbout(fault, text) && applies(fault)),
    };
  }
}

export type FaultsOf<Fault extends Aim> = Pick<FaultBook<Fault>, 'strike'>;

function isAbout({ where }: Aim, text: string): boolean {
  return where === undefined || text.includes(where);
}

export function isRefusal<Fault extends Aim & { readonly type: string }>(
  fault: Fault,
): fault is Fault & Refusal {
  return fault.type === 'refuse';
}

export function isSpeakCut(fault: SpeakFault): fault is Cut<'byte'> {
  return fault.type !== 'refuse';
}
