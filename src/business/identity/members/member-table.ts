import type { ColumnType, Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { Role } from '../../tenancy/actor/actor.ts';
import type { MemberId, PersonId } from '../../tenancy/ids/ids.ts';

export type MemberStatus = 'invited' | 'active' | 'removed';

/** A person in a tenant, or an open invitation. */
export interface MemberTable {
  tenantId: TenantId;
  id: MemberId;
  /** Incremented by each change; the source of the ETag. */
  version: Generated<number>;
  personId: PersonId | null;
  role: Role;
  /** Names of permissions; unknown ones, for instance removed since, are ignored when read. */
  grantedPermissions: ColumnType<string[], string | undefined, string>;
  deniedPermissions: ColumnType<string[], string | undefined, string>;
  status: MemberStatus;
  name: Generated<string>;
  invitedEmailEncrypted: string | null;
  invitedPhoneEncrypted: string | null;
  invitedIndex: string | null;
  invitationSha256: string | null;
  invitationExpiresAt: Date | null;
  invitedBy: string | null;
  joinedAt: Date | null;
  removedAt: Date | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    member: MemberTable;
  }
}

export const memberTable = tenantTable('member', {
  what: 'member',
  columns: [
    'id',
    'version',
    'personId',
    'role',
    'grantedPermissions',
    'deniedPermissions',
    'status',
    'name',
    'invitedEmailEncrypted',
    'invitedPhoneEncrypted',
    'invitationExpiresAt',
    'invitedBy',
    'joinedAt',
    'createdAt',
    'updatedAt',
  ],
});

export type MemberRow = Awaited<ReturnType<typeof memberTable.get>>;
