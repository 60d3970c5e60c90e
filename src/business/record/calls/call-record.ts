import type { TenantId } from '../../../platform/data/ids.ts';
import type {
  AgentId,
  AgentVersionId,
  CallId,
  CallSid,
  PhoneNumberId,
  ReplyId,
} from '../../tenancy/ids/ids.ts';

/**
 * Everything that is put on record about a call, in the words of the journal. A record is appended once, never
 * changed; `sequence` counts from 1 within the call. The live call writes them; this folder turns them into rows.
 */
export interface CallRecord {
  readonly callId: CallId;
  readonly tenantId: TenantId;
  readonly sequence: number;
  /** RFC 3339 UTC with milliseconds. */
  readonly at: string;
  readonly event: CallEvent;
}

/** Offsets are milliseconds of the call's media clock: 0 is the first `start` of its first stream. */
export type CallEvent =
  | {
      readonly type: 'call-started';
      readonly callSid: CallSid;
      readonly from: string;
      readonly to: string;
      readonly numberId: PhoneNumberId;
      readonly agentId: AgentId;
      readonly agentVersionId: AgentVersionId;
      readonly direction: 'inbound';
      /** The services it began with, by their names on record; left out of calls recorded before they were named. */
      readonly services?: CallServices;
    }
  | { readonly type: 'stream-opened'; readonly streamSid: string; readonly generation: number }
  | {
      readonly type: 'caller-turn';
      readonly turn: number;
      readonly text: string;
      readonly source: 'speech' | 'digits';
      readonly startOffsetMs: number;
      readonly endOffsetMs: number;
      readonly words: readonly TimedWord[];
    }
  /** The turn's text was completed or corrected after its commit. */
  | { readonly type: 'caller-turn-amended'; readonly turn: number; readonly text: string }
  | {
      readonly type: 'speech-ignored';
      readonly text: string;
      readonly reason: string;
      readonly offsetMs: number;
    }
  | {
      readonly type: 'reply-ended';
      readonly replyId: ReplyId;
      /** The caller turn it answers; 0 for the greeting. */
      readonly turn: number;
      readonly kind: string;
      readonly generatedText: string;
      readonly heardText: string;
      readonly heardMs: number;
      readonly interrupted: boolean;
      readonly interruptionCause: string | undefined;
      readonly startOffsetMs: number;
      readonly endOffsetMs: number;
      readonly words: readonly TimedWord[];
      readonly latency: TurnLatency | undefined;
    }
  | {
      readonly type: 'tool-called';
      readonly toolCallId: string;
      readonly turn: number;
      readonly tool: string;
      readonly arguments: unknown;
      readonly offsetMs: number;
    }
  | {
      readonly type: 'tool-ended';
      readonly toolCallId: string;
      readonly turn: number;
      readonly tool: string;
      readonly status: ToolStatus;
      readonly result: unknown;
      readonly durationMs: number;
    }
  | {
      readonly type: 'speculation-discarded';
      readonly turn: number;
      readonly reason: string;
      readonly outputTokens: number;
    }
  | { readonly type: 'reply-resumed'; readonly replyId: ReplyId; readonly heardMs: number }
  /** A vendor failed and something else took over, or nothing could. `kind` such as `stt.failover`, `llm.timeout`. */
  | {
      readonly type: 'fault';
      readonly kind: string;
      readonly vendor: string;
      readonly detail: string;
      readonly gapMs: number | undefined;
    }
  | { readonly type: 'digit-pressed'; readonly digit: string; readonly offsetMs: number }
  | { readonly type: 'transfer-started'; readonly targetId: string; readonly phone: string }
  | { readonly type: 'transfer-ended'; readonly targetId: string; readonly outcome: string }
  /** Model usage of one completion, discarded ones included. */
  | {
      readonly type: 'model-used';
      readonly model: string;
      readonly inputTokens: number;
      readonly cachedTokens: number;
      readonly outputTokens: number;
      readonly estimated: boolean;
    }
  | {
      readonly type: 'recording-stored';
      readonly key: string;
      readonly durationMs: number;
      readonly sizeBytes: number;
    }
  | {
      readonly type: 'call-ended';
      readonly reason: EndedReason;
      readonly durationMs: number;
      readonly usage: CallUsage;
    };

export interface TimedWord {
  readonly text: string;
  readonly startOffsetMs: number;
  readonly endOffsetMs: number;
  /** False for the words of a reply that the caller did not hear. */
  readonly heard?: boolean;
}

/** How a tool call came out. */
export type ToolStatus =
  | 'ok'
  | 'refused'
  | 'invalid-arguments'
  | 'unknown-tool'
  | 'timeout'
  | 'failed'
  | 'cancelled';

export const endedReasons = [
  'caller-hung-up',
  'agent-said-goodbye',
  'silence',
  'max-duration',
  'transferred',
  'transport-lost',
  'transport-idle',
  'vendors-failed',
  'never-connected',
  'shutdown',
  'server-lost',
  'ended-by-request',
  'internal-error',
] as const;

/** Why a call ended; short, readable, shown to the tenant. */
export type EndedReason = (typeof endedReasons)[number];

/** Milliseconds between the stages of one answered turn; undefined where a stage was not passed. */
export interface TurnLatency {
  /** Last caller word (by the recogniser's clock) → end of turn received. */
  readonly endpointingMs: number | undefined;
  /** End of turn → model request sent; negative when it was sent speculatively before. */
  readonly requestMs: number | undefined;
  /** Model request → first token. */
  readonly firstTokenMs: number | undefined;
  /** First token → first speakable text handed to the voice. */
  readonly firstChunkMs: number | undefined;
  /** First text to the voice → its first audio. */
  readonly firstAudioMs: number | undefined;
  /** First audio → sent to the carrier. */
  readonly sendMs: number | undefined;
  /** End of turn → first audio sent to the carrier. */
  readonly totalMs: number | undefined;
  readonly speculative: boolean;
}

/** What listens to and speaks on a call, by the names that usage and prices have. */
export type CallServices = Pick<CallUsage, 'sttVendor' | 'ttsVendor'>;

export interface CallUsage {
  readonly callSeconds: number;
  readonly sttSeconds: number;
  readonly sttVendor: string;
  readonly ttsCharacters: number;
  readonly ttsVendor: string;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly model: string;
}
