import type { Generated } from 'kysely';
import type { TenantId } from '../../src/platform/ids.ts';

export interface TenantTable {
  id: TenantId;
  slug: string;
  name: string;
  /** IANA zone. */
  timeZone: string;
  /** ISO 4217. */
  currency: string;
  createdAt: Generated<Date>;
  /** Set by the platform's staff: nobody signs in, and the line is not answered. */
  suspendedAt: Date | null;
}
