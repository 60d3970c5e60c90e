import { ingestRecords } from '../../src/business/calls/ingest.ts';
import { createApiKey } from '../../src/business/api-keys/service.ts';
import { newId } from '../../src/platform/ids.ts';
import { aBookingCall, recordsOf } from '../business/calls/a-call.ts';
import type { MemberCaller, RestApp } from './rest-app.ts';

/** Makes one of these for the tenant, and says what stands for it in an address, parameter by parameter. */
type MakeExample = (app: RestApp, owner: MemberCaller) => Promise<Readonly<Record<string, string>>>;

/**
 * By address: the longest that a route begins with makes its parameters. A route that takes an id and finds nothing
 * here fails the test of foreign tenants; add the resource here, in one line.
 */
export const exampleIds: Readonly<Record<string, MakeExample>> = {
  '/v1/api-keys': async ({ db }, { tenantId }) => ({
    id: (await createApiKey(db, tenantId, { name: 'Example' })).id,
  }),
  '/v1/calls': async ({ db }, { tenantId }) => {
    const callId = newId('call');
    await ingestRecords(db, recordsOf(tenantId, callId, aBookingCall()));
    return { id: callId };
  },
  '/v1/members': async (app, { tenantId }) => ({ id: (await app.memberWith('viewer', tenantId)).memberId }),
};
