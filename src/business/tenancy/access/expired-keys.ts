import { z } from 'zod';
import { declareJob } from '../../../jobs/job.ts';
import { withSystem } from '../../../platform/data/db.ts';
import type { Clock } from '../../../platform/process/clock.ts';
import { keptMs } from './idempotency.ts';
import { deleteKeysBefore } from './idempotency-queries.ts';

/** Deletes the answers stored under an `Idempotency-Key` that are not given again any longer. */
export function deleteIdempotencyKeysJob({ clock }: { readonly clock: Clock }) {
  return declareJob({
    name: 'delete-idempotency-keys',
    schema: z.object({}),
    async run(_data, { db }) {
      const before = new Date(clock.date().getTime() - keptMs);
      await withSystem(db, (tx) => deleteKeysBefore(tx, before));
    },
  });
}
