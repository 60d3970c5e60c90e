import { sql } from 'kysely';
import type { PersonalDataCipher } from '../../../platform/crypto/personal-data.ts';
import type { Passwords } from '../../../platform/crypto/password.ts';
import { newId } from '../../../platform/data/ids.ts';
import { keyset } from '../../../platform/data/keyset.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { Conflict, Forbidden, NotFound } from '../../../platform/process/errors.ts';
import type { StaffActor } from '../../tenancy/actor/actor.ts';
import type { StaffId } from '../../tenancy/ids/ids.ts';
import type { SystemTx, Tenancy } from '../../tenancy/tenancy.ts';
import { recordStaffAction } from './staff-actions.ts';
import type { NewStaff, StaffMember } from './staff-member.ts';

const columns = ['id', 'name', 'emailEncrypted', 'createdBy', 'createdAt', 'disabledAt'] as const;
const oldestFirst = keyset({ column: 'staff.id' });

/** Creates an account, by another member of staff or (`by` undefined) by a command on the server. */
export async function createStaff(
  { tenancy, passwords }: { readonly tenancy: Tenancy; readonly passwords: Passwords },
  by: StaffActor | undefined,
  { email, name, password }: NewStaff,
): Promise<StaffMember> {
  const passwordHash = await passwords.hash(password);
  return tenancy.system(async (tx) => {
    // The unique index covers blind indexes of the newest key only; this finds rows with older keys.
    const known = await findStaffByEmail(tx, email);
    const row =
      known === undefined
        ? await tx
            .insertInto('staff')
            .values({
              id: newId('stf'),
              name,
              emailEncrypted: tx.cipher.encrypt(email),
              emailIndex: tx.cipher.blindIndex(email),
              passwordHash,
              createdBy: by?.staffId ?? null,
            })
            .onConflict((conflict) => conflict.column('emailIndex').doNothing())
            .returning(columns)
            .executeTakeFirst()
        : undefined;
    if (row === undefined) {
      throw new Conflict('One of the staff has this address already.', { code: 'account-exists' });
    }
    await recordStaffAction(tx, by ?? { staffId: row.id }, 'staff.created', row.id);
    return toStaffMember(tx.cipher, row);
  });
}

/** Oldest first. */
export async function listStaff(tx: SystemTx, page: PageRequest): Promise<Page<StaffMember>> {
  const { data, nextCursor } = await oldestFirst.page(tx.selectFrom('staff').select(columns), page);
  return { data: data.map((row) => toStaffMember(tx.cipher, row)), nextCursor };
}

/** Disables an account and ends its sessions. */
export async function disableStaff(
  tx: SystemTx,
  actor: StaffActor,
  staffId: StaffId,
  now: Date,
): Promise<StaffMember> {
  if (staffId === actor.staffId) {
    throw new Forbidden('Nobody closes their own account; a colleague can.', { code: 'own-account' });
  }
  const row = await tx
    .updateTable('staff')
    .set({ disabledAt: sql<Date>`coalesce(disabled_at, ${now})` })
    .where('id', '=', staffId)
    .returning(columns)
    .executeTakeFirst();
  if (row === undefined) throw new NotFound('There is no such member of staff.');
  await recordStaffAction(tx, actor, 'staff.disabled', staffId);
  return toStaffMember(tx.cipher, row);
}

/** Finds an account with its password hash, for signing in. */
export async function findStaffByEmail(
  tx: SystemTx,
  email: string,
): Promise<(StaffMember & { readonly passwordHash: string }) | undefined> {
  const row = await tx
    .selectFrom('staff')
    .select([...columns, 'passwordHash'])
    .where('emailIndex', 'in', tx.cipher.blindIndexes(email))
    .executeTakeFirst();
  return row && { ...toStaffMember(tx.cipher, row), passwordHash: row.passwordHash };
}

interface StaffRow extends Omit<StaffMember, 'email'> {
  readonly emailEncrypted: string;
}

function toStaffMember(cipher: PersonalDataCipher, row: StaffRow): StaffMember {
  const { id, name, emailEncrypted, createdBy, createdAt, disabledAt } = row;
  return { id, name, email: cipher.decrypt(emailEncrypted), createdBy, createdAt, disabledAt };
}
