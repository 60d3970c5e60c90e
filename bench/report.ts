import { bargeInDelays } from './barge-in.ts';
import type { LoadResult } from './load.ts';
import { describeLoad } from './machine.ts';
import { distributionOf, type Distribution } from './statistics.ts';
import { formatDistribution, formatMs, judged, printTable } from './table.ts';
import { frameDelays, simulatorDelays, stagesOf } from './turn-stages.ts';

/** What we have promised, on one core with the simulator on the other. */
const targets = {
  sumP50Ms: 3,
  sumP99Ms: 15,
  sumAtCalls: 200,
  calls: 400,
  limitSumP99Ms: 30,
  cpuMsPerCallSecond: 3,
  cpuAtCalls: 100,
  bytesPerCall: 1.5 * 2 ** 20,
  clearP99Ms: 50,
  greetingP95Ms: 50,
} as const;

/** A simulator later than this at one frame in a hundred measures mostly itself. */
const TRUSTED_LATE_MS = 5;
const MIB = 2 ** 20;

/** One load's figures; plain numbers, so that traces need not be kept. */
export interface LoadFigures {
  readonly calls: number;
  readonly stages: Readonly<
    Record<'frameMs' | 'requestMs' | 'speechTextMs' | 'audioMs' | 'sumMs', Distribution | undefined>
  >;
  readonly vendors: Distribution | undefined;
  readonly mouthToEar: Distribution | undefined;
  readonly turns: number;
  readonly unanswered: number;
  readonly everyFrame: Distribution | undefined;
  readonly lostFrames: number;
  readonly gaps: number;
  readonly failedCalls: number;
  readonly greeting: Distribution | undefined;
  readonly webhook: Distribution | undefined;
  readonly cpu: { readonly all: number; readonly main: number; readonly other: number } | undefined;
  readonly busyPercent: number | undefined;
  readonly residentBytes: number | undefined;
  readonly simulatorLate: Distribution | undefined;
  readonly machineLoad: string;
}

export function figuresOf(result: LoadResult): LoadFigures {
  const { traces, window, reports, usage, load } = result;
  const { turns, unanswered } = stagesOf(traces, window);
  const frames = frameDelays(traces, window);
  const stage = (name: keyof LoadFigures['stages']): Distribution | undefined =>
    distributionOf(turns.map((turn) => turn[name]));
  const callSeconds = usage && (load.calls * usage.elapsedMs) / 1_000;
  const sum = (count: (report: LoadResult['reports'][number]) => number): number =>
    reports.reduce((total, report) => total + count(report), 0);
  return {
    calls: load.calls,
    stages: {
      frameMs: stage('frameMs'),
      requestMs: stage('requestMs'),
      speechTextMs: stage('speechTextMs'),
      audioMs: stage('audioMs'),
      sumMs: stage('sumMs'),
    },
    vendors: distributionOf(turns.map(({ vendorsMs }) => vendorsMs)),
    mouthToEar: distributionOf(
      // The first turn of a call finds nothing warm at the caller's end.
      reports.flatMap((report) => report.turns.slice(1).flatMap(({ firstMediaMs }) => firstMediaMs ?? [])),
    ),
    turns: turns.length,
    unanswered,
    everyFrame: distributionOf(frames.delaysMs),
    lostFrames: frames.lostFrames + sum(({ framesLost }) => framesLost),
    gaps: sum(({ gaps }) => gaps),
    failedCalls: result.failedCalls + (load.calls - reports.length),
    greeting: distributionOf(
      traces.flatMap(({ carrier: { startedAtMs, mediaAtMs } }) =>
        startedAtMs === undefined || mediaAtMs.length === 0 ? [] : mediaAtMs[0]! - startedAtMs,
      ),
    ),
    webhook: distributionOf(
      reports.flatMap(({ webhooks }) => webhooks.slice(0, 1).map(({ durationMs }) => durationMs)),
    ),
    cpu:
      usage === undefined || callSeconds === undefined
        ? undefined
        : {
            all: usage.cpuMs / callSeconds,
            main: usage.mainThreadCpuMs / callSeconds,
            other: usage.otherThreadCpuMs / callSeconds,
          },
    busyPercent: usage && (usage.cpuMs / usage.elapsedMs) * 100,
    residentBytes: result.residentBytes,
    simulatorLate: distributionOf(simulatorDelays(traces, window)),
    machineLoad: describeLoad(),
  };
}

/** Whether the server still follows: what the search for its limit asks after each step. */
export function isWithinLimit({ stages: { sumMs }, lostFrames, failedCalls }: LoadFigures): boolean {
  return sumMs !== undefined && sumMs.p99 <= targets.limitSumP99Ms && lostFrames === 0 && failedCalls === 0;
}

export function printStages(all: readonly LoadFigures[]): void {
  printTable(
    `(a) What the server adds to a turn, ms (p50 / p95 / p99); target at ${targets.sumAtCalls} calls: p50 ≤ ${targets.sumP50Ms}, p99 ≤ ${targets.sumP99Ms}`,
    ['calls', 'turns', 'frame → STT', 'end of turn → LLM', 'clause → TTS', 'audio → caller', 'sum'],
    all.map(({ calls, turns, stages }) => [
      String(calls),
      String(turns),
      formatDistribution(stages.frameMs),
      formatDistribution(stages.requestMs),
      formatDistribution(stages.speechTextMs),
      formatDistribution(stages.audioMs),
      judged(
        formatDistribution(stages.sumMs),
        calls <= targets.sumAtCalls && stages.sumMs
          ? stages.sumMs.p50 <= targets.sumP50Ms && stages.sumMs.p99 <= targets.sumP99Ms
          : undefined,
      ),
    ]),
  );
}

export function printCosts(all: readonly LoadFigures[], idleBytes: number | undefined): void {
  printTable(
    `(b) What a call costs; targets: ≤ ${targets.cpuMsPerCallSecond} CPU-ms per call-second at ${targets.cpuAtCalls} calls, ≤ 1.5 MiB`,
    ['calls', 'CPU-ms/call-s', 'call thread', 'database thread', 'core busy', 'RSS MiB', 'MiB/call'],
    all.map(({ calls, cpu, busyPercent, residentBytes }) => {
      const bytes =
        residentBytes === undefined || idleBytes === undefined
          ? undefined
          : (residentBytes - idleBytes) / calls;
      return [
        String(calls),
        judged(
          cpu?.all.toFixed(2) ?? '–',
          cpu && calls >= targets.cpuAtCalls ? cpu.all <= targets.cpuMsPerCallSecond : undefined,
        ),
        cpu?.main.toFixed(2) ?? '–',
        cpu?.other.toFixed(2) ?? '–',
        busyPercent === undefined ? '–' : `${busyPercent.toFixed(0)} %`,
        residentBytes === undefined ? '–' : (residentBytes / MIB).toFixed(0),
        judged(
          bytes === undefined ? '–' : (bytes / MIB).toFixed(2),
          bytes !== undefined && calls >= 50 ? bytes <= targets.bytesPerCall : undefined,
        ),
      ];
    }),
  );
}

export function printHealth(all: readonly LoadFigures[]): void {
  printTable(
    `(e) Greeting after start and webhook, ms (p50 / p95 / p99), target greeting p95 ≤ ${targets.greetingP95Ms}; and how far each row can be trusted`,
    [
      'calls',
      'greeting',
      'webhook',
      'every frame → STT',
      'unanswered',
      'frames lost',
      'gaps heard',
      'calls failed',
      'simulator late p99 / max',
      'load',
    ],
    all.map((row) => [
      String(row.calls),
      judged(formatDistribution(row.greeting), row.greeting && row.greeting.p95 <= targets.greetingP95Ms),
      formatDistribution(row.webhook),
      formatDistribution(row.everyFrame),
      String(row.unanswered),
      String(row.lostFrames),
      String(row.gaps),
      String(row.failedCalls),
      row.simulatorLate === undefined
        ? '–'
        : `${formatMs(row.simulatorLate.p99)} / ${formatMs(row.simulatorLate.max)}${
            row.simulatorLate.p99 > TRUSTED_LATE_MS ? ' (too late)' : ''
          }`,
      row.machineLoad,
    ]),
  );
}

export function printLimit(all: readonly LoadFigures[]): void {
  const within = all.filter(isWithinLimit);
  const most = Math.max(0, ...within.map(({ calls }) => calls));
  const first = all.find(({ calls }) => calls > most);
  const next =
    first === undefined
      ? 'more was not tried'
      : `at ${first.calls}: sum p99 ${formatMs(first.stages.sumMs?.p99)} ms, ${first.lostFrames} frames lost, simulator late p99 ${formatMs(first.simulatorLate?.p99)} ms`;
  console.log(
    `\n(c) Calls on one core with sum p99 ≤ ${targets.limitSumP99Ms} ms and no frame lost: ${judged(String(most), most >= targets.calls)} (target ≥ ${targets.calls}; ${next})`,
  );
}

export async function printBargeIn(result: LoadResult, utterance: string): Promise<void> {
  const { delaysMs, withoutClear } = await bargeInDelays(result.traces, utterance);
  const delays = distributionOf(delaysMs);
  printTable(
    `(d) Barge-in: from its trigger to the clear, ms (p50 / p95 / p99); target p99 ≤ ${targets.clearP99Ms}`,
    ['calls', 'interruptions', 'trigger → clear', 'too late to clear', 'load'],
    [
      [
        String(result.load.calls),
        String(delaysMs.length),
        judged(formatDistribution(delays), delays && delays.p99 <= targets.clearP99Ms),
        String(withoutClear),
        describeLoad(),
      ],
    ],
  );
}

/** `endOfTurnMs`: how long after the caller's last word the recogniser tells the end of the turn. */
export function printMouthToEar(patient: LoadFigures, eager: LoadFigures): void {
  const sum = patient.stages.sumMs?.p50 ?? 0;
  const vendorsMs = patient.mouthToEar && patient.mouthToEar.p50 - sum;
  printTable(
    'Mouth to ear, ms (p50 / p95 / p99): from the end of the last word to the first audio at the carrier; target with eager on: below the vendors’ own times',
    ['calls', 'eager off', 'eager on', 'vendors’ own times (p50)', 'of these LLM and TTS'],
    [
      [
        String(patient.calls),
        formatDistribution(patient.mouthToEar),
        judged(
          formatDistribution(eager.mouthToEar),
          vendorsMs !== undefined && eager.mouthToEar && eager.mouthToEar.p50 < vendorsMs,
        ),
        formatMs(vendorsMs),
        formatMs(patient.vendors?.p50),
      ],
    ],
  );
}
