import { FRAME_BYTES } from '../src/audio/frame.ts';
import type { ProbeEvent } from '../simulator/probe.ts';

/** What was seen of one call at the carrier's end. Times are those of the simulator's process. */
export interface CarrierTrace {
  startedAtMs: number | undefined;
  readonly frameSentAtMs: number[];
  /** Whether the caller made a sound, by frame. */
  readonly frameIsSound: boolean[];
  readonly mediaAtMs: number[];
  readonly clearAtMs: number[];
}

/** One connection to the recogniser. */
export interface RecogniserTrace {
  /** When the frame of that number was complete. */
  readonly frameReceivedAtMs: number[];
  receivedBytes: number;
  readonly turnEnds: { readonly atMs: number; readonly frames: number }[];
  readonly wordsAtMs: number[];
}

/** One reply, from the request to the first sound of its speech. */
export interface ReplyTrace {
  readonly requestedAtMs: number;
  readonly callerPhone: string;
  text: string;
  speakableAtMs: number | undefined;
  speechTextAtMs: number | undefined;
  firstAudioAtMs: number | undefined;
}

/** The token that completes the first clause of the canned reply, so that it can be spoken. */
export const cannedReply =
  'This is reply {request} for you, and it goes on a little longer than that. Then it comes to its end.';
const FIRST_CLAUSE = /^This is reply \d+ for you,/;
const REPLY_NUMBER = /This is reply (\d+) for you/;
const CALLER_PHONE = /phoning from (\+\d+)/;

/** Groups the simulator's probes by call, by connection and by reply. */
export class Trace {
  readonly carrier = new Map<string, CarrierTrace>();
  readonly recognisers = new Map<number, RecogniserTrace>();
  readonly replies = new Map<number, ReplyTrace>();

  readonly probe = (event: ProbeEvent): void => {
    switch (event.type) {
      case 'stream-started':
        this.#carrier(event.callSid).startedAtMs = event.atMs;
        return;
      case 'frame-sent': {
        const call = this.#carrier(event.callSid);
        call.frameSentAtMs.push(event.atMs);
        call.frameIsSound.push(!event.isSilent);
        return;
      }
      case 'media-arrived':
        this.#carrier(event.callSid).mediaAtMs.push(event.atMs);
        return;
      case 'clear-arrived':
        this.#carrier(event.callSid).clearAtMs.push(event.atMs);
        return;
      case 'audio-received':
        this.#audioReceived(event);
        return;
      case 'words-sent':
        this.#recogniser(event.connection).wordsAtMs.push(event.atMs);
        return;
      case 'end-of-turn-sent': {
        if (event.eager) return;
        const { turnEnds, frameReceivedAtMs } = this.#recogniser(event.connection);
        turnEnds.push({ atMs: event.atMs, frames: frameReceivedAtMs.length });
        return;
      }
      case 'chat-requested':
        this.replies.set(event.request, {
          requestedAtMs: event.atMs,
          callerPhone: CALLER_PHONE.exec(event.systemText)?.[1] ?? '',
          text: '',
          speakableAtMs: undefined,
          speechTextAtMs: undefined,
          firstAudioAtMs: undefined,
        });
        return;
      case 'text-sent':
        this.#textSent(event);
        return;
      case 'speech-text-received': {
        const reply = this.#replySaying(event.text);
        if (reply !== undefined) reply.speechTextAtMs ??= event.atMs;
        return;
      }
      case 'first-audio-sent': {
        const reply = this.#replySaying(event.text);
        if (reply !== undefined) reply.firstAudioAtMs ??= event.atMs;
        return;
      }
      case 'chat-ended':
        return;
      default:
        event satisfies never;
    }
  };

  #audioReceived({ connection, bytes, atMs }: Extract<ProbeEvent, { type: 'audio-received' }>): void {
    const recogniser = this.#recogniser(connection);
    recogniser.receivedBytes += bytes;
    const frames = Math.floor(recogniser.receivedBytes / FRAME_BYTES);
    while (recogniser.frameReceivedAtMs.length < frames) recogniser.frameReceivedAtMs.push(atMs);
  }

  #textSent({ request, text, atMs }: Extract<ProbeEvent, { type: 'text-sent' }>): void {
    const reply = this.replies.get(request);
    if (reply === undefined || reply.speakableAtMs !== undefined) return;
    reply.text += text;
    if (FIRST_CLAUSE.test(reply.text)) reply.speakableAtMs = atMs;
  }

  #replySaying(text: string): ReplyTrace | undefined {
    const number = REPLY_NUMBER.exec(text)?.[1];
    return number === undefined ? undefined : this.replies.get(Number(number));
  }

  #carrier(callSid: string): CarrierTrace {
    const known = this.carrier.get(callSid);
    if (known !== undefined) return known;
    const created: CarrierTrace = {
      startedAtMs: undefined,
      frameSentAtMs: [],
      frameIsSound: [],
      mediaAtMs: [],
      clearAtMs: [],
    };
    this.carrier.set(callSid, created);
    return created;
  }

  #recogniser(connection: number): RecogniserTrace {
    const known = this.recognisers.get(connection);
    if (known !== undefined) return known;
    const created: RecogniserTrace = {
      frameReceivedAtMs: [],
      receivedBytes: 0,
      turnEnds: [],
      wordsAtMs: [],
    };
    this.recognisers.set(connection, created);
    return created;
  }
}
