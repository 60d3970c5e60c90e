import { type Kysely, sql } from 'kysely';

/** Who looks after a message, and who has. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table phone_message
    alter column created_at type timestamptz(3),
    add column assignee_id text collate "C",
    add column handled_at timestamptz(3),
    add column handled_by text,
    add column updated_at timestamptz(3) not null default now(),
    add foreign key (tenant_id, assignee_id) references member (tenant_id, id)`.execute(db);
  await sql`drop index phone_message_created`.execute(db);
  await sql`create index phone_message_created
    on phone_message (tenant_id, created_at desc, id desc)`.execute(db);
  for (const filter of ['status', 'assignee_id', 'customer_id']) {
    const name = sql.ref(`phone_message_by_${filter}`);
    await sql`create index ${name}
      on phone_message (tenant_id, ${sql.ref(filter)}, created_at desc, id desc)`.execute(db);
  }
}
