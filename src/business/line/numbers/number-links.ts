import { Conflict, InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { AgentId, PhoneNumberId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { getAgent } from '../agents/agents.ts';
import * as links from './link-queries.ts';
import { numberLinkEvents } from './number-events.ts';
import { lockNumbers } from './number-queries.ts';
import { type NumberStatus, phoneNumberTable } from './phone-number-table.ts';

export interface LinkedNumber {
  readonly phoneNumberId: PhoneNumberId;
  readonly phoneNumber: string;
  readonly label: string;
  readonly status: NumberStatus;
  /** Null where the agent answers after hours alone. */
  readonly weight: number | null;
  readonly answersAfterHours: boolean;
}

export interface WantedLink {
  readonly phoneNumberId: PhoneNumberId;
  readonly weight: number;
}

/** All of them or none. */
export async function linkNumbers(
  tx: Tx,
  actor: TenantActor,
  agentId: AgentId,
  wanted: readonly WantedLink[],
): Promise<readonly LinkedNumber[]> {
  const agent = await getAgent(tx, agentId);
  if (agent.archivedAt !== null) throw new Conflict('This agent is archived.', { code: 'agent-archived' });
  await lockLinkable(tx, wanted);
  const before = await listNumbersOfAgent(tx, agentId);
  for (const { phoneNumberId, weight } of wanted) {
    await links.saveLink(tx, { numberId: phoneNumberId, agentId, weight });
    await phoneNumberTable.update(tx, phoneNumberId, {});
  }
  const after = await listNumbersOfAgent(tx, agentId);
  await happened(
    tx,
    actor,
    numberLinkEvents['numbers-linked']({
      subject: agentId,
      before: { numbers: [...before] },
      after: { numbers: [...after] },
    }),
  );
  return after;
}

export async function listLinkedNumbers(tx: Tx, agentId: AgentId): Promise<readonly LinkedNumber[]> {
  await getAgent(tx, agentId);
  return listNumbersOfAgent(tx, agentId);
}

export async function unlinkNumber(
  tx: Tx,
  actor: TenantActor,
  link: { readonly agentId: AgentId; readonly numberId: PhoneNumberId },
): Promise<void> {
  const { agentId, numberId } = link;
  await lockNumbers(tx, [numberId]);
  if (!(await links.deleteLink(tx, link))) {
    throw new NotFound('This agent does not answer that number.', { code: 'number-not-linked' });
  }
  await phoneNumberTable.update(tx, numberId, {});
  await happened(tx, actor, numberLinkEvents['number-unlinked']({ subject: agentId, before: { numberId } }));
}

async function lockLinkable(tx: Tx, wanted: readonly WantedLink[]): Promise<void> {
  const numbers = await lockNumbers(
    tx,
    wanted.map(({ phoneNumberId }) => phoneNumberId),
  );
  const wrong = wanted.findIndex(({ phoneNumberId }) => {
    const status = numbers.get(phoneNumberId)?.status;
    return status !== 'ordering' && status !== 'active';
  });
  if (wrong === -1) return;
  throw new InvalidInput(
    'There is no such phone number.',
    [{ pointer: `/phoneNumbers/${wrong}/phoneNumberId`, detail: 'is no phone number of yours' }],
    { code: 'number-unknown' },
  );
}

async function listNumbersOfAgent(tx: Tx, agentId: AgentId): Promise<readonly LinkedNumber[]> {
  const rows = await links.listNumbersOfAgent(tx, agentId);
  return rows.map(({ afterHoursAgentId, ...row }) => ({
    ...row,
    answersAfterHours: afterHoursAgentId === agentId,
  }));
}
