import type { NumberStatus } from './phone-number-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import { Conflict, InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AgentId, PhoneNumberId } from '../../tenancy/references/ids.ts';
import type { TenantActor } from '../../tenancy/access/actor.ts';
import { getAgent } from '../agents/agents.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import * as links from './link-queries.ts';
import * as queries from './number-queries.ts';

export interface LinkedNumber {
  readonly phoneNumberId: PhoneNumberId;
  readonly phoneNumber: string;
  readonly label: string;
  readonly status: NumberStatus;
  /** Null where the agent answers after hours alone. */
  readonly weight: number | null;
  readonly answersAfterHours: boolean;
}

/** All of them or none. */
export function linkNumbers(
  db: Db,
  actor: TenantActor,
  agentId: AgentId,
  wanted: readonly { readonly phoneNumberId: PhoneNumberId; readonly weight: number }[],
): Promise<readonly LinkedNumber[]> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const agent = await getAgent(transaction, agentId);
    if (agent.archivedAt !== null) throw new Conflict('This agent is archived.', { code: 'agent-archived' });
    const before = await listLinkedNumbers(transaction, tenantId, agentId);
    for (const [index, { phoneNumberId, weight }] of wanted.entries()) {
      const number = await queries.lockNumber(transaction, tenantId, phoneNumberId);
      if (number === undefined || !['ordering', 'active'].includes(number.status)) {
        throw new InvalidInput(
          'There is no such phone number.',
          [{ pointer: `/phoneNumbers/${index}/phoneNumberId`, detail: 'is no phone number of yours' }],
          { code: 'number-unknown' },
        );
      }
      await links.saveLink(transaction, tenantId, { numberId: phoneNumberId, agentId, weight });
    }
    const after = await listLinkedNumbers(transaction, tenantId, agentId);
    await recordChange(transaction, actor, {
      action: 'agent.numbers-linked',
      resource: 'agent',
      resourceId: agentId,
      before: { numbers: before.map(named) },
      after: { numbers: after.map(named) },
    });
    return after;
  });
}

export function listLinkedNumbers(
  db: Db,
  tenantId: TenantId,
  agentId: AgentId,
): Promise<readonly LinkedNumber[]> {
  return inTenant(db, tenantId, async (transaction) => {
    await getAgent(transaction, agentId);
    const rows = await links.listNumbersOfAgent(transaction, tenantId, agentId);
    return rows.map(({ afterHoursAgentId, ...row }) => ({
      ...row,
      answersAfterHours: afterHoursAgentId === agentId,
    }));
  });
}

export async function unlinkNumber(
  db: Db,
  actor: TenantActor,
  link: { readonly agentId: AgentId; readonly numberId: PhoneNumberId },
): Promise<void> {
  const { tenantId } = actor;
  await inTenant(db, tenantId, async (transaction) => {
    if ((await links.deleteLink(transaction, tenantId, link)) === undefined) {
      throw new NotFound('This agent does not answer that number.', { code: 'number-not-linked' });
    }
    await recordChange(transaction, actor, {
      action: 'agent.number-unlinked',
      resource: 'agent',
      resourceId: link.agentId,
      before: { numberId: link.numberId },
    });
  });
}

function named({ phoneNumberId, weight }: LinkedNumber): object {
  return { phoneNumberId, weight };
}
