import { z } from 'zod';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import { instant } from '../../../platform/http/rest-values.ts';
import type { HttpServer } from '../../../platform/http/http.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import { type SessionTokens } from '../../tenancy/access/access.ts';
import { isInTenant, type StaffActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { SystemTx, Tenancy } from '../../tenancy/tenancy.ts';
import { getListedTenant } from '../../tenancy/tenants/tenants.ts';
import { impersonationEvents } from './impersonation-events.ts';

/** Long enough to investigate with the customer on the phone; after that a new reason is required. */
export const longestImpersonationMinutes = 30;

export const impersonationSchema = z
  .object({
    id: z.string(),
    tenant: z.object({ id: z.string(), name: z.string() }),
    tokenType: z.literal('Bearer'),
    accessToken: z.string().describe('Says who of the staff is behind it; good for this business alone.'),
    expiresAt: instant,
  })
  .meta({
    id: 'Impersonation',
    examples: [
      {
        id: 'imp_01k9zt5w3pe0wsh7v6n0gq5m91',
        tenant: { id: 'tnt_01k9zt5w3pe0wsh7v6n0gq5m8z', name: 'Harbour Street Cycles' },
        tokenType: 'Bearer',
        accessToken: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJraW5kIjoic3RhZmYifQ.c2lnbmF0dXJl',
        expiresAt: '2026-03-02T09:15:00.000Z',
      },
    ],
  });

/** Issues a token to impersonate a tenant, after recording it there. */
export async function startImpersonation(
  { tenancy, tokens }: { readonly tenancy: Tenancy; readonly tokens: SessionTokens },
  actor: StaffActor,
  input: { readonly tenantId: TenantId; readonly reason: string; readonly minutes: number },
  now: Date,
): Promise<z.output<typeof impersonationSchema>> {
  const { tenantId, reason, minutes } = input;
  const { staffId, sessionId: staffSessionId } = actor;
  const id = newId('imp');
  const expiresAt = new Date(now.getTime() + minutes * 60_000);
  const tenant = await tenancy.system(async (tx) => {
    const { name } = await getListedTenant(tx, tenantId);
    await tx
      .insertInto('impersonation')
      .values({ tenantId, id, staffSessionId, staffId, reason, createdAt: now, expiresAt, endedAt: null })
      .execute();
    const details = { reason, minutes, expiresAt };
    await happened(tx, { ...actor, tenantId }, impersonationEvents.started({ subject: id, details }));
    return { id: tenantId, name };
  });
  const claims = { kind: 'staff', staffId, sessionId: id, tenantId } as const;
  const accessToken = await tokens.issue(claims, minutes * 60);
  return { id, tenant, tokenType: 'Bearer', accessToken, expiresAt };
}

/** Ends an impersonation of the actor. */
export async function endImpersonation(
  tx: SystemTx,
  actor: StaffActor,
  impersonationId: string,
  now: Date,
): Promise<void> {
  const ended = await tx
    .updateTable('impersonation')
    .set({ endedAt: now })
    .where('id', '=', impersonationId)
    .where('staffId', '=', actor.staffId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now)
    .returning('tenantId')
    .executeTakeFirst();
  if (ended === undefined) throw new NotFound('There is no such impersonation going on.');
  const { tenantId } = ended;
  await happened(tx, { ...actor, tenantId }, impersonationEvents.ended({ subject: impersonationId }));
}

/**
 * Records every request of an impersonation, reads included, in the tenant's audit log before it runs. Changes are
 * recorded by their own events besides.
 */
export function recordImpersonatedRequests(
  app: HttpServer,
  { tenancy }: { readonly tenancy: Tenancy },
): void {
  app.addHook('preHandler', async ({ actor, method, url }) => {
    if (actor?.type !== 'staff' || !isInTenant(actor)) return;
    const details = { method, path: url.split('?', 1)[0]! };
    const event = impersonationEvents.request({ subject: actor.sessionId, details });
    await tenancy.run(actor, (tx) => happened(tx, actor, event));
  });
}
