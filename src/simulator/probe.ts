/**
 * What a benchmark needs to know about the vendors' side, told as it happens. `atMs` is `performance.now()` of the
 * simulator's process; `connection` counts per vendor. Without a probe none of these objects is made.
 */
export type ProbeEvent =
  | {
      readonly type: 'audio-received';
      readonly connection: number;
      readonly bytes: number;
      readonly atMs: number;
    }
  | {
      readonly type: 'end-of-turn-sent';
      readonly connection: number;
      readonly eager: boolean;
      readonly transcript: string;
      readonly atMs: number;
    }
  | {
      readonly type: 'chat-requested';
      readonly request: number;
      readonly userText: string;
      readonly atMs: number;
    }
  | {
      readonly type: 'first-token-sent';
      readonly request: number;
      readonly text: string;
      readonly atMs: number;
    }
  | {
      readonly type: 'chat-ended';
      readonly request: number;
      readonly aborted: boolean;
      readonly atMs: number;
    }
  | {
      readonly type: 'speech-text-received';
      readonly connection: number;
      readonly text: string;
      readonly atMs: number;
    }
  | {
      readonly type: 'first-audio-sent';
      readonly connection: number;
      readonly text: string;
      readonly atMs: number;
    };

export type Probe = (event: ProbeEvent) => void;
