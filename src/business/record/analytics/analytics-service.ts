import type { Tx } from '../../tenancy/tenancy.ts';
import { InvalidInput } from '../../../platform/process/errors.ts';
import {
  type CallFigures,
  type CallRange,
  callStats,
  countByHour,
  countTools,
  countTopics,
  sumCosts,
} from '../calls/calls.ts';
import { getTenant } from '../../tenancy/tenants/tenants.ts';
import { countCustomers } from '../../customers/customers.ts';
import { countBookings, countUpcomingBookings } from '../../desk/bookings/bookings.ts';
import { sumOrders } from '../../desk/orders/orders.ts';
import { countOpenTickets, countTickets } from '../../desk/tickets/tickets.ts';
import { countPublishedAgents } from '../../line/agents/agents.ts';
import { countActiveNumbers } from '../../line/numbers/numbers.ts';

const dayMs = 86_400_000;
/** As for the statistics of calls: more than a quarter takes too long for a request. */
const mostDays = 92;

type Deeds = Awaited<ReturnType<typeof countDeeds>>;
type PeriodFigures = Pick<CallFigures, 'calls' | 'answered' | 'minutes' | 'costMicros'> & Deeds;

export interface Dashboard {
  readonly from: Date;
  readonly to: Date;
  readonly currency: string;
  readonly standing: Awaited<ReturnType<typeof countStanding>>;
  readonly period: PeriodFigures;
  /** The equally long period before this one. */
  readonly before: PeriodFigures;
  readonly latency: CallFigures['latency'];
}

/** The figures of a business at a glance: what there is, what the last days brought, and the days before them. */
export async function readDashboard(
  tx: Tx,
  { now, days }: { readonly now: Date; readonly days: number },
): Promise<Dashboard> {
  const from = new Date(now.getTime() - days * dayMs);
  const earlier = new Date(from.getTime() - days * dayMs);
  const { currency } = await getTenant(tx);
  const [period, latency] = await figuresOf(tx, { from, to: now });
  const [before] = await figuresOf(tx, { from: earlier, to: from });
  const standing = await countStanding(tx);
  return { from, to: now, currency, standing, period, before, latency };
}

async function figuresOf(
  tx: Tx,
  range: CallRange,
): Promise<readonly [PeriodFigures, CallFigures['latency']]> {
  const { total } = await callStats(tx, {
    now: range.to,
    startedAfter: range.from,
    startedBefore: range.to,
  });
  const { calls, answered, minutes, costMicros, latency } = total;
  const deeds = await countDeeds(tx, range);
  return [{ calls, answered, minutes, costMicros, ...deeds }, latency];
}

export interface Analytics {
  readonly from: Date;
  readonly to: Date;
  readonly timeZone: string;
  readonly total: CallFigures;
  readonly days: (CallFigures & { readonly key: string })[];
  readonly hours: Awaited<ReturnType<typeof countByHour>>;
  readonly topics: Awaited<ReturnType<typeof countTopics>>;
  readonly tools: Awaited<ReturnType<typeof countTools>>;
  readonly costs: Awaited<ReturnType<typeof sumCosts>>;
  readonly deeds: Deeds;
}

/** What calls were about, when they come, what came of them and what they cost, over a range of days. */
export async function analyse(tx: Tx, range: CallRange): Promise<Analytics> {
  const { from, to } = range;
  const days = (to.getTime() - from.getTime()) / dayMs;
  if (days <= 0 || days > mostDays) {
    throw new InvalidInput(
      `Ask for a range that ends after it begins, of at most ${mostDays} days.`,
      [{ pointer: '/querystring/from', detail: `must lie up to ${mostDays} days before to` }],
      { code: 'range-not-valid' },
    );
  }
  const request = { now: to, startedAfter: from, startedBefore: to, groupBy: 'day' } as const;
  const stats = await callStats(tx, request);
  const { timeZone } = stats;
  return {
    from,
    to,
    timeZone,
    total: stats.total,
    days: stats.groups,
    hours: await countByHour(tx, range, timeZone),
    topics: await countTopics(tx, range),
    tools: await countTools(tx, range),
    costs: await sumCosts(tx, range),
    deeds: await countDeeds(tx, range),
  };
}

/** What there is now, whatever the range. */
async function countStanding(tx: Tx) {
  return {
    numbersConnected: await countActiveNumbers(tx),
    activeAgents: await countPublishedAgents(tx),
    openTickets: await countOpenTickets(tx),
    upcomingBookings: await countUpcomingBookings(tx),
    customers: await countCustomers(tx),
  };
}

/** What the business did in the range, by the day it was made, whoever made it. */
async function countDeeds(tx: Tx, range: CallRange) {
  return {
    ...(await sumOrders(tx, range)),
    bookings: await countBookings(tx, range),
    tickets: await countTickets(tx, range),
  };
}
