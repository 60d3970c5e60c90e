import type { CallerEvent } from './caller/scripted-caller.ts';
import type { CarrierWarning, ExecutedInstruction, WebhookReport } from './call-report.ts';

/** An event of a simulated call, emitted as it happens. Times are milliseconds on the line. */
export type CallEvent =
  | CallerEvent
  | { readonly type: 'ringing'; readonly callSid: string }
  | { readonly type: 'answered'; readonly callSid: string }
  | { readonly type: 'stream-opened'; readonly streamSid: string; readonly atMs: number }
  | {
      readonly type: 'stream-closed';
      readonly streamSid: string;
      readonly endedBy: 'carrier' | 'server';
      readonly code: number;
      readonly atMs: number;
    }
  | { readonly type: 'cleared'; readonly atMs: number }
  /** What the agent was understood to say until it finished. */
  | { readonly type: 'agent-said'; readonly text: string; readonly atMs: number }
  | { readonly type: 'webhook'; readonly webhook: WebhookReport }
  | { readonly type: 'instruction'; readonly instruction: ExecutedInstruction }
  | { readonly type: 'warning'; readonly warning: CarrierWarning }
  | { readonly type: 'ended'; readonly callSid: string; readonly atMs: number };
