import type { Tx } from '../../../tenancy/tenancy.ts';
import { InvalidInput } from '../../../../platform/process/errors.ts';
import { getTenant } from '../../../tenancy/tenants/tenants.ts';
import {
  countCalls,
  countOutcomes,
  latencyStages,
  measureLatency,
  type StatsGroup,
} from './stats-queries.ts';

/** Latency of one stage of answering, over all turns that passed it. */
export interface StageLatency {
  readonly turns: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

export interface CallFigures {
  readonly calls: number;
  readonly answered: number;
  readonly completed: number;
  readonly minutes: number;
  readonly averageDurationMs: number;
  readonly costMicros: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly latency: Readonly<Record<(typeof latencyStages)[number], StageLatency | null>>;
}

export interface CallStats {
  readonly startedAfter: Date;
  readonly startedBefore: Date;
  readonly timeZone: string;
  readonly total: CallFigures;
  readonly groups: (CallFigures & { readonly key: string })[];
}

const dayMs = 86_400_000;
const usualDays = 30;
/** Percentiles read every turn of the range: more than a quarter takes too long for a request. */
const mostDays = 92;

/** Figures of the calls that started within the range, together and by group; days are the business's own. */
export async function callStats(
  tx: Tx,
  request: {
    readonly now: Date;
    readonly startedAfter?: Date | undefined;
    readonly startedBefore?: Date | undefined;
    readonly groupBy?: StatsGroup | undefined;
  },
): Promise<CallStats> {
  const startedBefore = request.startedBefore ?? request.now;
  const startedAfter = request.startedAfter ?? new Date(startedBefore.getTime() - usualDays * dayMs);
  checkRange(startedAfter, startedBefore);
  const { timeZone } = await getTenant(tx);
  const range = { startedAfter, startedBefore, timeZone };
  const [total] = await figures(tx, range, undefined);
  const { groupBy } = request;
  const groups = groupBy === undefined ? [] : await figures(tx, range, groupBy);
  const whole = groupBy === 'day' ? withQuietDays(groups, range) : groups;
  return { ...range, total: total ?? noFigures(''), groups: whole };
}

function checkRange(startedAfter: Date, startedBefore: Date): void {
  const days = (startedBefore.getTime() - startedAfter.getTime()) / dayMs;
  if (days > 0 && days <= mostDays) return;
  throw new InvalidInput(
    `Ask for a range that ends after it begins, of at most ${mostDays} days.`,
    [
      {
        pointer: '/querystring/startedAfter',
        detail: `must lie up to ${mostDays} days before startedBefore`,
      },
    ],
    { code: 'range-not-valid' },
  );
}

type Group = CallStats['groups'][number];
type Range = Pick<CallStats, 'startedAfter' | 'startedBefore' | 'timeZone'>;

async function figures(tx: Tx, range: Range, group: StatsGroup | undefined): Promise<Group[]> {
  const counts = await countCalls(tx, range, group);
  const outcomes = Map.groupBy(await countOutcomes(tx, range, group), ({ key }) => key);
  const latencies = Map.groupBy(await measureLatency(tx, range, group), ({ key }) => key);
  return counts.map(({ key, calls, answered, completed, durationMs, costMicros }) => ({
    key,
    calls,
    answered,
    completed,
    costMicros,
    minutes: Math.round(durationMs / 600) / 100,
    averageDurationMs: completed === 0 ? 0 : Math.round(durationMs / completed),
    outcomes: Object.fromEntries((outcomes.get(key) ?? []).map((row) => [row.outcome, row.calls])),
    latency: latencyOf(latencies.get(key) ?? []),
  }));
}

function latencyOf(rows: Awaited<ReturnType<typeof measureLatency>>): CallFigures['latency'] {
  const byStage = new Map(
    rows.map(({ stage, turns, p50, p95 }) => [
      stage,
      { turns, p50Ms: Math.round(p50), p95Ms: Math.round(p95) },
    ]),
  );
  return Object.fromEntries(
    latencyStages.map((stage) => [stage, byStage.get(stage) ?? null]),
  ) as CallFigures['latency'];
}

function noFigures(key: string): Group {
  const none = { calls: 0, answered: 0, completed: 0, minutes: 0, averageDurationMs: 0, costMicros: 0 };
  return { key, ...none, outcomes: {}, latency: latencyOf([]) };
}

/** Adds the days without a call. */
function withQuietDays(groups: readonly Group[], { startedAfter, startedBefore, timeZone }: Range): Group[] {
  const localDate = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const byDay = new Map(groups.map((group) => [group.key, group]));
  const last = localDate.format(new Date(startedBefore.getTime() - 1));
  const days: Group[] = [];
  // Calendar days, counted in UTC, where every day has 24 hours.
  for (let day = localDate.format(startedAfter); day <= last; day = nextDay(day)) {
    days.push(byDay.get(day) ?? noFigures(day));
  }
  return days;
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10);
}
