/**
 * Events at the vendors for a benchmark, emitted as they happen. `atMs` is `performance.now()` of the simulator's
 * process;
 * `connection` counts per vendor. Without a probe none of these objects is created.
 */
export type ProbeEvent =
  | CarrierProbeEvent
  | {
      readonly type: 'audio-received';
      readonly connection: number;
      readonly bytes: number;
      readonly atMs: number;
    }
  /** Words of a turn that is going on. */
  | {
      readonly type: 'words-sent';
      readonly connection: number;
      readonly transcript: string;
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
      /** The system messages of the request. */
      readonly systemText: string;
      readonly atMs: number;
    }
  /** The next piece of a reply's text. */
  | {
      readonly type: 'text-sent';
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

/** At the carrier's end of a call's media stream. */
type CarrierProbeEvent =
  | { readonly type: 'stream-started'; readonly callSid: string; readonly atMs: number }
  | {
      readonly type: 'frame-sent';
      readonly callSid: string;
      /** The caller makes no sound at all in it. */
      readonly isSilent: boolean;
      readonly atMs: number;
    }
  | {
      readonly type: 'media-arrived';
      readonly callSid: string;
      readonly bytes: number;
      readonly atMs: number;
    }
  | { readonly type: 'clear-arrived'; readonly callSid: string; readonly atMs: number };

export type Probe = (event: ProbeEvent) => void;
