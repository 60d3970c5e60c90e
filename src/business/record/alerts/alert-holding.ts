import { sql } from 'kysely';
import { onlyErases } from '../../customers/customers.ts';

/** An alert quotes what it is about. */
export const alertHolding = onlyErases('alerts', async (tx, held) => {
  const { rows } = await sql<{ changed: number }>`
    select forget_alerts(${Object.values(held).flat()}) as changed`.execute(tx);
  return { alerts: rows[0]!.changed };
});
