import type { Generated, Selectable } from 'kysely';
import type { NullableJsonColumn } from '../../../platform/data/json-column.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { AgentId, PhoneNumberId } from '../../tenancy/ids/ids.ts';

/**
 * `ordering`: reserved here, and not yet confirmed by the carrier. `releasing`: no longer answered, and not yet given
 * back. `failed`: the carrier refused the order.
 */
export const numberStatuses = ['ordering', 'active', 'releasing', 'released', 'failed'] as const;
export type NumberStatus = (typeof numberStatuses)[number];

export interface NumberCapabilities {
  readonly voice: boolean;
  readonly sms: boolean;
  readonly mms: boolean;
}

/** A number, and how far it is with the carrier. */
export interface PhoneNumberTable {
  tenantId: TenantId;
  id: PhoneNumberId;
  /** Counts the changes, of its agents too; the ETag is made of it. */
  version: Generated<number>;
  /** E.164. */
  number: string;
  createdAt: Generated<Date>;
  label: Generated<string>;
  status: Generated<NumberStatus>;
  /** Null for a number that did not come from a carrier of ours. */
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

export const phoneNumberTable = tenantTable('phoneNumber', {
  what: 'phone number',
  columns: [
    'id',
    'version',
    'number',
    'label',
    'status',
    'carrierSid',
    'country',
    'capabilities',
    'afterHoursAgentId',
    'afterHoursMessage',
    'attempts',
    'failure',
    'createdAt',
    'updatedAt',
    'releasedAt',
  ],
});

export type PhoneNumberRow = Pick<Selectable<PhoneNumberTable>, (typeof phoneNumberTable.columns)[number]>;
