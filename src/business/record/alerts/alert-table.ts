import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AlertId } from '../../tenancy/ids/ids.ts';
import type { AlertKind, AlertSeverity } from './alert.ts';

/** A notice to the people of the business. */
export interface AlertTable {
  tenantId: TenantId;
  id: AlertId;
  kind: AlertKind;
  severity: AlertSeverity;
  title: string;
  body: Generated<string>;
  /** What it is about, in the singular: `ticket`. */
  resource: string | null;
  resourceId: string | null;
  at: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    alert: AlertTable;
  }
}
