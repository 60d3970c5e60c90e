import type { TenantId } from '../../../../platform/data/ids.ts';
import type { CallId } from '../../../tenancy/ids/ids.ts';
import type { CallRecord } from '../call-record.ts';

/** What the record of calls may ask of the calls going on now; the call shelf fulfils it. */
export interface LiveCalls {
  list(
    tenantId: TenantId,
  ): readonly { readonly callId: CallId; readonly startedAt: Date; readonly from: string }[];
  /** Ends a live call politely; false where no such call is live for this tenant. */
  end(tenantId: TenantId, callId: CallId): boolean;
}

/** What happens on the calls of this process, of all tenants, as it happens; the call shelf fulfils it. */
export interface LiveRecordFeed {
  /** Calls back for each record until the returned function is called. The call waits meanwhile: hand on and return. */
  subscribe(listener: (record: CallRecord) => void): () => void;
}
