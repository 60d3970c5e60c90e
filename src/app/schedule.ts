import { deleteExpiredRecordingsJob } from '../business/record/calls/calls.ts';
import { listRecordingRetentions } from '../business/line/agents/agents.ts';
import { settleNumbersJob } from '../business/line/numbers/numbers.ts';
import { deleteIdempotencyKeysJob } from '../business/tenancy/access/access.ts';
import type { JobDeclaration, Rhythm, ScheduleLine } from '../jobs/jobs.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { Vendors } from './connect-vendors.ts';
import type { Records } from './records.ts';

const second = 1_000;
const hour = 3_600_000;

/** The parts that periodic jobs are made of. */
export interface ScheduleParts {
  readonly clock: Clock;
  readonly records: Pick<Records, 'tenancy' | 'storage'>;
  readonly carrier: Pick<Vendors['carrier'], 'numbers' | 'webhooks'>;
}

/** A job, and when it is repeated under its own name. */
export type PeriodicJob = Rhythm & { readonly job: JobDeclaration };

/** Every periodic job; each runs once for all processes. A time of day is given as `cron` and `timeZone`. */
export function schedule({ clock, records, carrier }: ScheduleParts): readonly PeriodicJob[] {
  const { tenancy, storage } = records;
  const { numbers, webhooks } = carrier;
  const listRetentions = listRecordingRetentions;
  return [
    { job: settleNumbersJob({ tenancy, carrier: numbers, webhooks }), everyMs: 20 * second },
    { job: deleteExpiredRecordingsJob({ tenancy, storage, clock, listRetentions }), everyMs: hour },
    { job: deleteIdempotencyKeysJob({ tenancy, clock }), everyMs: hour },
  ];
}

export function lineOf({ job: { name }, ...rhythm }: PeriodicJob): ScheduleLine {
  return { name, job: name, ...rhythm };
}
