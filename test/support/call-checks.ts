import { join } from 'node:path';
import { expect } from 'vitest';
import type { TurnLatency } from '../../src/business/record/calls/calls.ts';
import { type CallWorld, eventsOf, type PlayedCall } from './call-world.ts';
import { readRecording, type RecordedSide } from './recorded-sound.ts';

/** What the transcript's offsets may be off from the audio. */
const OFFSET_TOLERANCE_MS = 100;

/** What holds of every call that went its way, whatever it was about. */
export function expectGoodCall(played: PlayedCall): void {
  const { report, call } = played;
  expect(report.missedCues).toEqual([]);
  expect(report.warnings).toEqual([]);
  expect(report.webhooks.filter(({ status }) => status < 200 || status > 299)).toEqual([]);
  expect(report.framesLost).toBe(0);
  expect(call.status).toBe('completed');
  expectWholeRecord(played);
}

/** The journal has no holes, and the rows say what it says. */
export function expectWholeRecord(played: PlayedCall): void {
  const { call, records } = played;
  expect(records.map(({ sequence }) => sequence)).toEqual(records.map((_, index) => index + 1));
  expect(records.at(-1)?.event).toMatchObject({ type: 'call-ended', reason: call.endedReason });
  expect(call.callerTurnCount).toBe(eventsOf(played, 'caller-turn').length);
  expect(call.replyCount).toBe(eventsOf(played, 'reply-ended').length);
  expect(call.toolCallCount).toBe(eventsOf(played, 'tool-called').length);
  expect(call.faultCount).toBe(eventsOf(played, 'fault').length);
  expect(toolIds(played, 'tool-ended')).toEqual(toolIds(played, 'tool-called'));
  expect(call.transcript.filter(({ tool, toolStatus }) => tool !== null && toolStatus === null)).toEqual([]);
}

function toolIds(played: PlayedCall, type: 'tool-called' | 'tool-ended'): readonly string[] {
  return eventsOf(played, type)
    .map(({ toolCallId }) => toolCallId)
    .toSorted();
}

/** Every answer's stages are there, and add up to what the caller waited for. */
export function expectLatencies({ call }: PlayedCall): void {
  const answers = call.transcript.filter(({ replyKind, heardMs }) => replyKind === 'answer' && heardMs !== 0);
  expect(answers.length).toBeGreaterThan(0);
  for (const { latency } of answers) {
    const stages = latency as TurnLatency;
    expect(stages.endpointingMs).toBeGreaterThan(0);
    const { requestMs, firstTokenMs, firstChunkMs, firstAudioMs, sendMs, totalMs } = stages;
    const sum = [requestMs, firstTokenMs, firstChunkMs, firstAudioMs, sendMs].reduce<number>(
      (total, stage) => total + stage!,
      0,
    );
    expect(sum).toBeCloseTo(totalMs!, 0);
    // What was prepared beforehand was asked for before the turn was over.
    if (stages.speculative) expect(requestMs).toBeLessThan(0);
    else expect(requestMs).toBeGreaterThanOrEqual(0);
  }
}

/** What was used, and what it costs. */
export function expectUsage({ call }: PlayedCall): void {
  const { usage, cost } = call;
  const seconds = call.durationMs! / 1000;
  expect(usage!.callSeconds).toBeCloseTo(seconds, 0);
  expect(usage!.sttSeconds).toBeGreaterThan(seconds - 3);
  expect(usage!.ttsCharacters).toBeGreaterThan(0);
  expect(usage!.inputTokens).toBeGreaterThan(usage!.cachedTokens);
  expect(usage!.outputTokens).toBeGreaterThan(0);
  expect(cost).toMatchObject({ currency: 'USD', unpriced: [] });
  const { speechToTextMicros, modelMicros, textToSpeechMicros, telephonyMicros, totalMicros } = cost!;
  const parts = [speechToTextMicros, modelMicros, textToSpeechMicros, telephonyMicros];
  for (const part of parts) expect(part).toBeGreaterThan(0);
  expect(parts.reduce((total, part) => total + part, 0)).toBe(totalMicros);
}

/** The recording has both sides, each where the transcript says, and nothing else. */
export async function expectRecording({ call }: PlayedCall, world: CallWorld): Promise<void> {
  const { caller, agent } = await readRecording(join(world.app.dataDir, call.recordingKey!));
  expect(Math.abs(caller.durationMs - call.durationMs!)).toBeLessThan(1_000);
  const spoken = call.transcript.flatMap(({ kind, source, words, interrupted, endOffsetMs }) => {
    const heard = words?.filter((word) => word.heard !== false) ?? [];
    if (heard.length === 0 || source === 'digits') return [];
    const fromMs = heard[0]!.startOffsetMs;
    const toMs = heard.at(-1)!.endOffsetMs;
    // A word cut in two counts as heard or not, by how much of it was; its beginning is in the air.
    const earliestMs = interrupted ? heard.at(-1)!.startOffsetMs : toMs;
    const latestMs = interrupted ? Math.max(toMs, endOffsetMs!) : toMs;
    return [{ kind, fromMs, earliestMs, latestMs }];
  });
  const stretches = { caller, agent };
  const problems = Object.entries(stretches).flatMap(([kind, side]) =>
    misplaced(
      side,
      spoken.filter((stretch) => stretch.kind === kind),
    ).map((problem) => `${kind}: ${problem}`),
  );
  expect(problems).toEqual([]);
}

interface Spoken {
  readonly fromMs: number;
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** Where one side of a recording disagrees with the transcript. */
function misplaced(side: RecordedSide, spoken: readonly Spoken[]): string[] {
  const problems = spoken.flatMap(({ fromMs, earliestMs, latestMs }) => {
    const beganMs = side.soundAfter(fromMs - 2 * OFFSET_TOLERANCE_MS) ?? Infinity;
    const endedMs = side.soundBefore(latestMs + 2 * OFFSET_TOLERANCE_MS) ?? -Infinity;
    return [
      ...(Math.abs(beganMs - fromMs) > OFFSET_TOLERANCE_MS ? [`began at ${beganMs}, not ${fromMs}`] : []),
      ...(endedMs < earliestMs - OFFSET_TOLERANCE_MS ? [`ended at ${endedMs}, before ${earliestMs}`] : []),
      ...(endedMs > latestMs + OFFSET_TOLERANCE_MS ? [`ended at ${endedMs}, after ${latestMs}`] : []),
    ];
  });
  const stretches = spoken.map(({ fromMs, latestMs }) => ({ fromMs, toMs: latestMs }));
  const strayMs = side.soundOutsideMs(stretches, 2 * OFFSET_TOLERANCE_MS);
  return strayMs === 0 ? problems : [...problems, `${strayMs} ms of sound that nobody made`];
}
