import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { MemberId, PersonId, SessionId } from '../../tenancy/ids/ids.ts';

/** One device of a member: a family of refresh tokens. */
export interface SessionTable {
  tenantId: TenantId;
  id: SessionId;
  memberId: MemberId;
  personId: PersonId;
  /** The user agent. */
  device: Generated<string>;
  address: Generated<string>;
  createdAt: Generated<Date>;
  lastSeenAt: Generated<Date>;
  expiresAt: Date;
  endedAt: Date | null;
  endedReason: string | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    session: SessionTable;
  }
}
