import type { Tenancy } from '../../tenancy/tenancy.ts';
import { findPeople } from '../people/people.ts';
import { type Member, toMember } from './member.ts';
import type { MemberRow } from './member-table.ts';

/**
 * Adds the names and addresses that people sign in with. People belong to no tenant, so they are read across tenants by
 * the ids of the tenant's members, after its transaction.
 */
export async function withPeople(tenancy: Tenancy, rows: readonly MemberRow[]): Promise<Member[]> {
  const ids = rows.flatMap(({ personId }) => personId ?? []);
  return tenancy.system(async (tx) => {
    const people = await findPeople(tx, ids);
    return rows.map((row) =>
      toMember(tx.cipher, row, row.personId === null ? undefined : people.get(row.personId)),
    );
  });
}

export async function withPerson(tenancy: Tenancy, row: MemberRow): Promise<Member> {
  return (await withPeople(tenancy, [row]))[0]!;
}
