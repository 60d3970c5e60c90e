import type { Db } from '../../../platform/data/db.ts';
import { InvalidInput } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import { type CallFigures, callStats } from '../calls/stats.ts';
import { getTenant } from '../../tenancy/tenants/tenants.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import * as queries from './queries.ts';

const DAY_MS = 86_400_000;
/** As for the statistics of calls: over more than a quarter it is a report, not a request. */
const MOST_DAYS = 92;

type Deeds = Awaited<ReturnType<typeof queries.countDeeds>>;
type PeriodFigures = Pick<CallFigures, 'calls' | 'answered' | 'minutes' | 'costMicros'> & Deeds;

export interface Dashboard {
  readonly from: Date;
  readonly to: Date;
  readonly currency: string;
  readonly standing: Awaited<ReturnType<typeof queries.countStanding>>;
  readonly period: PeriodFigures;
  /** The equally long period before this one. */
  readonly before: PeriodFigures;
  readonly latency: CallFigures['latency'];
}

/** The figures of a business at a glance: what there is, what the last days brought, and the days before them. */
export function readDashboard(
  db: Db,
  tenantId: TenantId,
  { now, days }: { readonly now: Date; readonly days: number },
): Promise<Dashboard> {
  const from = new Date(now.getTime() - days * DAY_MS);
  const earlier = new Date(from.getTime() - days * DAY_MS);
  return inTenant(db, tenantId, async (transaction) => {
    const { currency } = await getTenant(transaction, tenantId);
    const [period, latency] = await figuresOf(transaction, tenantId, { from, to: now });
    const [before] = await figuresOf(transaction, tenantId, { from: earlier, to: from });
    const standing = await queries.countStanding(transaction, tenantId);
    return { from, to: now, currency, standing, period, before, latency };
  });
}

async function figuresOf(
  db: Db,
  tenantId: TenantId,
  range: queries.Range,
): Promise<readonly [PeriodFigures, CallFigures['latency']]> {
  const { total } = await callStats(db, tenantId, {
    now: range.to,
    startedAfter: range.from,
    startedBefore: range.to,
  });
  const { calls, answered, minutes, costMicros, latency } = total;
  const deeds = await queries.countDeeds(db, tenantId, range);
  return [{ calls, answered, minutes, costMicros, ...deeds }, latency];
}

export interface Analytics {
  readonly from: Date;
  readonly to: Date;
  readonly timeZone: string;
  readonly total: CallFigures;
  readonly days: readonly (CallFigures & { readonly key: string })[];
  readonly hours: Awaited<ReturnType<typeof queries.countByHour>>;
  readonly topics: Awaited<ReturnType<typeof queries.countTopics>>;
  readonly tools: Awaited<ReturnType<typeof queries.countTools>>;
  readonly costs: Awaited<ReturnType<typeof queries.sumCosts>>;
  readonly deeds: Deeds;
}

/** What calls were about, when they come, what came of them and what they cost, over a range of days. */
export function analyse(db: Db, tenantId: TenantId, range: queries.Range): Promise<Analytics> {
  const { from, to } = range;
  const days = (to.getTime() - from.getTime()) / DAY_MS;
  if (days <= 0 || days > MOST_DAYS) {
    throw new InvalidInput(
      `Ask for a range that ends after it begins, of at most ${MOST_DAYS} days.`,
      [{ pointer: '/querystring/from', detail: `must lie up to ${MOST_DAYS} days before to` }],
      { code: 'range-not-valid' },
    );
  }
  return inTenant(db, tenantId, async (transaction) => {
    const request = { now: to, startedAfter: from, startedBefore: to, groupBy: 'day' } as const;
    const stats = await callStats(transaction, tenantId, request);
    const { timeZone } = stats;
    return {
      from,
      to,
      timeZone,
      total: stats.total,
      days: stats.groups,
      hours: await queries.countByHour(transaction, tenantId, range, timeZone),
      topics: await queries.countTopics(transaction, tenantId, range),
      tools: await queries.countTools(transaction, tenantId, range),
      costs: await queries.sumCosts(transaction, tenantId, range),
      deeds: await queries.countDeeds(transaction, tenantId, range),
    };
  });
}
