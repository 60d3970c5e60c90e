import { FRAME_MS } from '../src/audio/frame.ts';
import type { CarrierTrace, RecogniserTrace, ReplyTrace, Trace } from './trace.ts';

/** What the server added to one turn, in the order in which it did. */
export interface TurnStages {
  /** The caller's frame on which the turn ended → the recogniser. */
  readonly frameMs: number;
  /** End of turn told → the model is asked. */
  readonly requestMs: number;
  /** The first clause is complete → the voice has it. */
  readonly speechTextMs: number;
  /** The voice's first audio → the carrier. */
  readonly audioMs: number;
  readonly sumMs: number;
  /** What the model and the voice took for themselves in this turn, after the end of it was told. */
  readonly vendorsMs: number;
}

export interface CallTrace {
  readonly carrier: CarrierTrace;
  readonly recogniser: RecogniserTrace | undefined;
  readonly replies: readonly ReplyTrace[];
}

/** A model is asked this soon after the end of a turn, or it was not asked because of it. */
const SAME_TURN_MS = 2_000;

/**
 * Which connection was whose: nothing on a vendor's socket names the call. Calls begin one after the other, so the
 * order of their first frames is the order in which the recogniser received first frames; no frame may then have
 * arrived before it was sent.
 */
export function callTraces(trace: Trace, phones: ReadonlyMap<string, string>): CallTrace[] {
  const repliesByPhone = Map.groupBy(trace.replies.values(), ({ callerPhone }) => callerPhone);
  const byFirstFrame = [...trace.carrier]
    .filter(([, { frameSentAtMs }]) => frameSentAtMs.length > 0)
    .toSorted(([, a], [, b]) => a.frameSentAtMs[0]! - b.frameSentAtMs[0]!);
  const recognisers = [...trace.recognisers.values()]
    .filter(({ frameReceivedAtMs }) => frameReceivedAtMs.length > 0)
    .toSorted((a, b) => a.frameReceivedAtMs[0]! - b.frameReceivedAtMs[0]!);
  return byFirstFrame.map(([callSid, carrier], i) => ({
    carrier,
    recogniser: belongTogether(carrier, recognisers[i]) ? recognisers[i] : undefined,
    replies: repliesByPhone.get(phones.get(callSid) ?? '') ?? [],
  }));
}

function belongTogether(carrier: CarrierTrace, recogniser: RecogniserTrace | undefined): boolean {
  return (
    recogniser !== undefined &&
    recogniser.frameReceivedAtMs.every((atMs, frame) => atMs >= (carrier.frameSentAtMs[frame] ?? Infinity))
  );
}

/** Turns whose end was told within the window, and how many of them were never answered. */
export function stagesOf(
  calls: readonly CallTrace[],
  window: { readonly fromMs: number; readonly toMs: number },
): { readonly turns: readonly TurnStages[]; readonly unanswered: number } {
  const turns: TurnStages[] = [];
  let unanswered = 0;
  for (const call of calls) {
    for (const end of call.recogniser?.turnEnds ?? []) {
      if (end.atMs < window.fromMs || end.atMs >= window.toMs) continue;
      const stages = stagesOfTurn(call, end);
      if (stages === undefined) unanswered += 1;
      else turns.push(stages);
    }
  }
  return { turns, unanswered };
}

/** By how much the simulator missed its own 20 ms, for every frame of the window: its figures are no better than that. */
export function simulatorDelays(
  calls: readonly CallTrace[],
  window: { readonly fromMs: number; readonly toMs: number },
): readonly number[] {
  return calls.flatMap(({ carrier }) => {
    const offGridMs = carrier.frameSentAtMs
      .map((atMs, frame) => ({ atMs, offMs: atMs - frame * FRAME_MS }))
      .filter(({ atMs }) => atMs >= window.fromMs && atMs < window.toMs)
      .map(({ offMs }) => offMs);
    const onTimeMs = offGridMs.reduce((least, offMs) => Math.min(least, offMs), Infinity);
    return offGridMs.map((offMs) => offMs - onTimeMs);
  });
}

/** Caller frame → recogniser, for every frame of the window. */
export function frameDelays(
  calls: readonly CallTrace[],
  window: { readonly fromMs: number; readonly toMs: number },
): { readonly delaysMs: readonly number[]; readonly lostFrames: number } {
  const delaysMs: number[] = [];
  let lostFrames = 0;
  for (const { carrier, recogniser } of calls) {
    if (recogniser === undefined) continue;
    for (const [frame, sentAtMs] of carrier.frameSentAtMs.entries()) {
      if (sentAtMs < window.fromMs || sentAtMs >= window.toMs) continue;
      const receivedAtMs = recogniser.frameReceivedAtMs[frame];
      if (receivedAtMs === undefined) lostFrames += 1;
      else delaysMs.push(receivedAtMs - sentAtMs);
    }
  }
  return { delaysMs, lostFrames };
}

function stagesOfTurn(
  { carrier, recogniser, replies }: CallTrace,
  end: RecogniserTrace['turnEnds'][number],
): TurnStages | undefined {
  const reply = replies.find(
    ({ requestedAtMs }) => requestedAtMs >= end.atMs && requestedAtMs - end.atMs < SAME_TURN_MS,
  );
  const sentAtMs = carrier.frameSentAtMs[end.frames - 1];
  const receivedAtMs = recogniser?.frameReceivedAtMs[end.frames - 1];
  if (reply?.speakableAtMs === undefined || sentAtMs === undefined || receivedAtMs === undefined)
    return undefined;
  const { requestedAtMs, speakableAtMs, speechTextAtMs, firstAudioAtMs } = reply;
  if (speechTextAtMs === undefined || firstAudioAtMs === undefined) return undefined;
  const heardAtMs = carrier.mediaAtMs.find((atMs) => atMs >= firstAudioAtMs);
  if (heardAtMs === undefined) return undefined;
  const frameMs = receivedAtMs - sentAtMs;
  const requestMs = requestedAtMs - end.atMs;
  const speechTextMs = speechTextAtMs - speakableAtMs;
  const audioMs = heardAtMs - firstAudioAtMs;
  return {
    frameMs,
    requestMs,
    speechTextMs,
    audioMs,
    sumMs: frameMs + requestMs + speechTextMs + audioMs,
    vendorsMs: speakableAtMs - requestedAtMs + (firstAudioAtMs - speechTextAtMs),
  };
}
