import { FRAME_MS } from '../src/audio/frame.ts';
import type { CarrierTrace, RecogniserTrace, ReplyTrace, Trace } from './trace.ts';

/** The server's share of the latency of one turn, by stage. */
export interface TurnStages {
  /** The caller's frame on which the turn ended → the recogniser. */
  readonly frameMs: number;
  /** End of turn from the recogniser → request to the model. */
  readonly requestMs: number;
  /** First clause complete → its text at the voice. */
  readonly speechTextMs: number;
  /** The voice's first audio → the carrier. */
  readonly audioMs: number;
  readonly sumMs: number;
  /** Latency of the model and the voice in this turn, after its end. */
  readonly vendorsMs: number;
}

export interface CallTrace {
  readonly carrier: CarrierTrace;
  readonly recogniser: RecogniserTrace | undefined;
  readonly replies: readonly ReplyTrace[];
}

/** A request to the model later than this after the end of a turn does not belong to it. */
const SAME_TURN_MS = 2_000;
const LONGEST_FIRST_FRAME_MS = 2_000;

/**
 * Matches recogniser connections with calls, because nothing on a vendor's socket names the call. Calls begin one after
 * another, so a call's connection is among those that received their first frame soon after the call sent its own; of
 * these it is the one that received no frame before it was sent, with the lowest delay.
 */
export function callTraces(trace: Trace, phones: ReadonlyMap<string, string>): CallTrace[] {
  const repliesByPhone = Map.groupBy(trace.replies.values(), ({ callerPhone }) => callerPhone);
  const unclaimed = new Set(trace.recognisers.values());
  const byFirstFrame = [...trace.carrier]
    .filter(([, { frameSentAtMs }]) => frameSentAtMs.length > 0)
    .toSorted(([, a], [, b]) => a.frameSentAtMs[0]! - b.frameSentAtMs[0]!);
  return byFirstFrame.map(([callSid, carrier]) => {
    const recogniser = recogniserOf(carrier, unclaimed);
    if (recogniser !== undefined) unclaimed.delete(recogniser);
    return { carrier, recogniser, replies: repliesByPhone.get(phones.get(callSid) ?? '') ?? [] };
  });
}

function recogniserOf(
  carrier: CarrierTrace,
  candidates: ReadonlySet<RecogniserTrace>,
): RecogniserTrace | undefined {
  const beganAtMs = carrier.frameSentAtMs[0]!;
  let best: { readonly recogniser: RecogniserTrace; readonly meanMs: number } | undefined;
  for (const recogniser of candidates) {
    const heardAtMs = recogniser.frameReceivedAtMs[0] ?? Infinity;
    if (heardAtMs < beganAtMs || heardAtMs - beganAtMs > LONGEST_FIRST_FRAME_MS) continue;
    const meanMs = meanDelayMs(carrier, recogniser);
    if (meanMs !== undefined && (best === undefined || meanMs < best.meanMs)) best = { recogniser, meanMs };
  }
  return best?.recogniser;
}

/** Undefined if a frame was received before it was sent, because the connection is then another call's. */
function meanDelayMs(carrier: CarrierTrace, recogniser: RecogniserTrace): number | undefined {
  let sumMs = 0;
  for (const [frame, receivedAtMs] of recogniser.frameReceivedAtMs.entries()) {
    const delayMs = receivedAtMs - (carrier.frameSentAtMs[frame] ?? Infinity);
    if (delayMs < 0) return undefined;
    sumMs += delayMs;
  }
  return sumMs / recogniser.frameReceivedAtMs.length;
}

/** Turns that ended within the window, and how many of them were never answered. */
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

/** Delay of the simulator's own 20 ms ticks for every frame of the window, which limits the accuracy of its figures. */
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
