import { type Kysely, sql } from 'kysely';

/** The number directory reads opening hours across tenants, and hears of every change to them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['opening_hours', 'opening_exception']) {
    const name = sql.table(table);
    await sql`create policy system_rows on ${name} for select to parley_system
      using (current_user = 'parley_system')`.execute(db);
    await sql`grant select on ${name} to parley_system`.execute(db);
    await sql`create trigger touch_line_directory after insert or update or delete on ${name}
      for each statement execute function touch_line_directory()`.execute(db);
  }
}
