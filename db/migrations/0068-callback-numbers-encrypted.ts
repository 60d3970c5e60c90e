import { type Kysely, sql } from 'kysely';

/** The number a caller leaves is kept as all numbers are. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table phone_message
    drop column callback_phone,
    add column callback_phone_encrypted text`.execute(db);
}
