import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { newId } from '../../../platform/data/ids.ts';
import type { RequestedChange } from '../../../platform/data/version.ts';
import { Conflict, InvalidInput } from '../../../platform/process/errors.ts';
import { parsePhone } from '../../customers/customers.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { AgentId, PhoneNumberId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { checkAgents } from '../agents/agents.ts';
import * as links from './link-queries.ts';
import { defaultWeight, type NumberChanges, type NumberOrder, type PhoneNumber } from './number.ts';
import { numberEvents, toFacts } from './number-events.ts';
import { getNumber, statusesInUse, toNumber } from './number-queries.ts';
import { type PhoneNumberRow, phoneNumberTable } from './phone-number-table.ts';

/**
 * A number that reaches this server without a carrier of ours having been asked for it. Calls to it are answered by
 * the agent's published version.
 */
export async function addNumber(
  tx: Tx,
  actor: TenantActor,
  { phoneNumber, agentId }: { readonly phoneNumber: string; readonly agentId: AgentId },
): Promise<PhoneNumber> {
  const agents = [{ agentId, weight: defaultWeight }];
  const row = await insertNumber(tx, { phoneNumber, agents }, { status: 'active' });
  const after = await toNumber(tx, row);
  await happened(tx, actor, numberEvents.added({ subject: after.id, after: toFacts(after) }));
  return after;
}

/** With its routing; a `Conflict` when the number is in use, whoever has it. */
export async function insertNumber(
  tx: Tx,
  { phoneNumber, label = '', ...routing }: NumberOrder,
  state: Pick<PhoneNumberRow, 'status'> & { readonly carrierSid?: string },
): Promise<PhoneNumberRow> {
  const number = parsePhone(phoneNumber, '/phoneNumber');
  const { agents, afterHours } = await checkRouting(tx, routing);
  const row = await phoneNumberTable.insert(tx, {
    id: newId('num'),
    number,
    label,
    country: parsePhoneNumberFromString(number)?.country ?? null,
    ...state,
    ...afterHours,
    // Whoever inserts it settles it with the carrier, and is given time for that.
    ...(state.status === 'ordering' ? { attemptedAt: new Date(), attempts: 1 } : {}),
  });
  if (row === undefined) {
    throw new Conflict(`${number} is in use already; choose another number.`, { code: 'number-taken' });
  }
  if (agents !== undefined) await links.replaceLinks(tx, row.id, agents);
  return row;
}

export async function changeNumber(
  tx: Tx,
  actor: TenantActor,
  id: PhoneNumberId,
  { changes, ifMatch }: RequestedChange<NumberChanges>,
): Promise<PhoneNumber> {
  const before = await toNumber(tx, await phoneNumberTable.lock(tx, id, ifMatch));
  if (!statusesInUse.includes(before.status))
    throw new Conflict('This number was given back.', { code: 'number-released' });
  const { label, ...routing } = changes;
  const { agents, afterHours } = await checkRouting(tx, routing);
  if (agents !== undefined) await links.replaceLinks(tx, id, agents);
  const after = await toNumber(tx, await phoneNumberTable.update(tx, id, { label, ...afterHours }));
  await happened(
    tx,
    actor,
    numberEvents.updated({ subject: id, before: toFacts(before), after: toFacts(after) }),
  );
  return after;
}

export interface NumberUsage {
  readonly calls: number;
  readonly durationMs: number;
  readonly lastCallAt: Date | null;
}

/** The record of calls stands above this room; the root passes it in. */
export type ReadNumberUsage = (tx: Tx, numberId: PhoneNumberId) => Promise<NumberUsage>;

/** With its calls of the last thirty days, which `readUsage` knows. */
export async function getNumberDetail(tx: Tx, id: PhoneNumberId, readUsage: ReadNumberUsage) {
  const number = await getNumber(tx, id);
  const { calls, durationMs, lastCallAt } = await readUsage(tx, id);
  return { ...number, usage: { days: 30, calls, minutes: Math.round(durationMs / 6_000) / 10, lastCallAt } };
}

type Routing = Pick<NumberChanges, 'agents' | 'afterHours'>;

type AfterHoursColumns = Pick<PhoneNumberRow, 'afterHoursAgentId' | 'afterHoursMessage'>;

interface CheckedRouting {
  readonly agents: readonly links.WeightedAgent[] | undefined;
  readonly afterHours: Partial<AfterHoursColumns>;
}

/** Every agent is the tenant's own, and named once. What is left out is left as it is. */
async function checkRouting(tx: Tx, { agents, afterHours }: Routing): Promise<CheckedRouting> {
  const named = (agents ?? []).map(({ agentId }, index) => ({
    agentId,
    pointer: `/agents/${index}/agentId`,
  }));
  const nightly =
    afterHours?.type === 'agent' ? [{ agentId: afterHours.agentId, pointer: '/afterHours/agentId' }] : [];
  await checkAgents(tx, [...named, ...nightly]);
  if (new Set(named.map(({ agentId }) => agentId)).size < named.length) {
    throw new InvalidInput(
      'An agent is named twice.',
      [{ pointer: '/agents', detail: 'names an agent twice' }],
      { code: 'agent-named-twice' },
    );
  }
  return { agents, afterHours: afterHours === undefined ? {} : afterHoursColumns(afterHours) };
}

function afterHoursColumns(afterHours: PhoneNumber['afterHours']): AfterHoursColumns {
  return {
    afterHoursAgentId: afterHours?.type === 'agent' ? afterHours.agentId : null,
    afterHoursMessage: afterHours?.type === 'message' ? afterHours.message : null,
  };
}
