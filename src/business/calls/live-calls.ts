import type { CallId, TenantId } from '../../platform/ids.ts';

/** What the record of calls may ask of the calls going on now; the call shelf fulfils it. */
export interface LiveCalls {
  list(
    tenantId: TenantId,
  ): readonly { readonly callId: CallId; readonly startedAt: Date; readonly from: string }[];
  /** Ends a live call politely; false where no such call is live for this tenant. */
  end(tenantId: TenantId, callId: CallId): boolean;
}
