import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AgentId, PhoneNumberId } from '../../tenancy/references/ids.ts';
import type { NullableJsonColumn } from '../../../platform/data/json-column.ts';

/**
 * `ordering`: ours here, and not yet at the carrier. `releasing`: no longer answered, and not yet given back.
 * `failed`: the carrier would not have it so; it was never ours.
 */
export type NumberStatus = 'ordering' | 'active' | 'releasing' | 'released' | 'failed';

export interface NumberCapabilities {
  readonly voice: boolean;
  readonly sms: boolean;
  readonly mms: boolean;
}

/** A number, and how far it is with the carrier. */
export interface PhoneNumberTable {
  tenantId: TenantId;
  id: PhoneNumberId;
  /** Counts the changes; the ETag is made of it. */
  version: Generated<number>;
  /** E.164. */
  number: string;
  createdAt: Generated<Date>;
  label: Generated<string>;
  status: Generated<NumberStatus>;
  /** Null for a number that no carrier has given us. */
  carrierSid: string | null;
  /** ISO 3166-1. */
  country: string | null;
  capabilities: NullableJsonColumn<NumberCapabilities>;
  /** Outside the opening hours; with neither of the two the number's agents answer at all hours. */
  afterHoursAgentId: AgentId | null;
  afterHoursMessage: string | null;
  attemptedAt: Date | null;
  attempts: Generated<number>;
  failure: string | null;
  releasedAt: Date | null;
  updatedAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    phoneNumber: PhoneNumberTable;
  }
}
