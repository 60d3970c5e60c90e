import { z } from 'zod';
import { declareJob } from '../../../jobs/jobs.ts';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Tenancy } from '../tenancy.ts';
import { keptMs } from './idempotency.ts';
import { deleteKeysBefore } from './idempotency-queries.ts';

/** Deletes expired idempotency keys with their stored answers. */
export function deleteIdempotencyKeysJob({
  tenancy,
  clock,
}: {
  readonly tenancy: Tenancy;
  readonly clock: Clock;
}) {
  return declareJob({
    name: 'delete-idempotency-keys',
    schema: z.object({}),
    async run() {
      const before = new Date(clock.date().getTime() - keptMs);
      await tenancy.system((tx) => deleteKeysBefore(tx, before));
    },
  });
}
