import type { Tx } from '../../tenancy/tx.ts';
import { z } from 'zod';
import type { NumberStatus } from './phone-number-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import { Conflict, InvalidInput } from '../../../platform/process/errors.ts';
import { newId, parseId, type TenantId } from '../../../platform/data/ids.ts';
import type { AgentId, PhoneNumberId } from '../../tenancy/references/ids.ts';
import { decodeCursor, type PageRequest } from '../../../platform/data/paging.ts';
import type { TenantActor } from '../../tenancy/access/actor.ts';
import { checkAgents } from '../agents/agents.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { parsePhone } from '../../customers/customers.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import * as links from './link-queries.ts';
import { lockView, noSuchNumber, type NumberView, viewOf, viewsOf } from './number-view.ts';
import * as queries from './number-queries.ts';

export const DEFAULT_WEIGHT = 100;

export interface PhoneNumber {
  readonly id: PhoneNumberId;
  /** E.164. */
  readonly number: string;
  readonly agentId: AgentId;
}

/**
 * A number that reaches this server without a carrier of ours having been asked for it. From the next look of the
 * directory on, calls to it are answered by the agent's published version.
 */
export async function addNumber(
  db: Db,
  tenantId: TenantId,
  input: { readonly number: string; readonly agentId: AgentId },
): Promise<PhoneNumber> {
  const { agentId } = input;
  const line = { id: newId('num'), number: parsePhone(input.number, '/number') };
  return inTenant(db, tenantId, async (transaction) => {
    const inserted = await queries.insertNumber(transaction, tenantId, { ...line, status: 'active' });
    if (inserted === undefined) throw numberTaken(line.number);
    await links.saveLink(transaction, tenantId, { numberId: line.id, agentId, weight: DEFAULT_WEIGHT });
    return { ...line, agentId };
  });
}

export function numberTaken(number: string): Conflict {
  return new Conflict(`${number} is in use already; choose another number.`, { code: 'number-taken' });
}

/** Those in use, without their routing. */
export function listNumbers(
  db: Db,
  tenantId: TenantId,
): Promise<readonly { readonly id: PhoneNumberId; readonly number: string }[]> {
  const filter = { statuses: ['active'], agentId: undefined, search: undefined, before: undefined } as const;
  return inTenant(db, tenantId, (transaction) =>
    queries.listNumbers(transaction, tenantId, { ...filter, limit: 100 }),
  );
}

export interface NumberListRequest extends PageRequest {
  readonly status?: NumberStatus | undefined;
  readonly agentId?: string | undefined;
  readonly search?: string | undefined;
}

const inUse: readonly NumberStatus[] = ['ordering', 'active', 'releasing'];

/** Newest first, one more than asked for. Those that are ours no more are shown when they are asked for. */
export async function listNumberViews(
  db: Db,
  tenantId: TenantId,
  { status, agentId, search, cursor, limit }: NumberListRequest,
): Promise<NumberView[]> {
  const agent = agentId === undefined ? undefined : parseId('agt', agentId);
  if (agentId !== undefined && agent === undefined) return [];
  const before = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.string()]))[0];
  return inTenant(db, tenantId, async (transaction) => {
    const statuses = status === undefined ? inUse : [status];
    const filter = { statuses, agentId: agent, search, before, limit: limit + 1 };
    return viewsOf(transaction, await queries.listNumbers(transaction, tenantId, filter));
  });
}

export interface NumberUsage {
  readonly calls: number;
  readonly durationMs: number;
  readonly lastCallAt: Date | null;
}

/** The record of calls stands above this room; the root passes it in. */
export type ReadNumberUsage = (tx: Tx, numberId: PhoneNumberId) => Promise<NumberUsage>;

/** With its calls of the last thirty days, which `readUsage` knows. */
export function getNumber(
  db: Db,
  tenantId: TenantId,
  numberId: PhoneNumberId,
  readUsage: ReadNumberUsage,
): Promise<{ readonly number: NumberView; readonly usage: NumberUsage }> {
  return inTenant(db, tenantId, async (transaction) => {
    const row = await queries.findNumber(transaction, tenantId, numberId);
    if (row === undefined) throw noSuchNumber();
    const usage = await readUsage(transaction, numberId);
    return { number: await viewOf(transaction, row), usage };
  });
}

export interface RoutingInput {
  readonly agents?: readonly { readonly agentId: string; readonly weight: number }[] | undefined;
  readonly afterHours?:
    | { readonly type: 'agent'; readonly agentId: string }
    | { readonly type: 'message'; readonly message: string }
    | null
    | undefined;
}

export interface NumberChange extends RoutingInput {
  readonly label?: string | undefined;
}

/** `check` is given the number as it is, locked, and may refuse the change (`If-Match`). */
export function updateNumber(
  db: Db,
  actor: TenantActor,
  numberId: PhoneNumberId,
  change: NumberChange,
  check: (current: NumberView) => void,
): Promise<NumberView> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const before = await lockView(transaction, tenantId, numberId);
    check(before);
    if (!inUse.includes(before.status))
      throw new Conflict('This number was given back.', { code: 'number-released' });
    await setRouting(transaction, tenantId, numberId, change);
    const label = change.label === undefined ? {} : { label: change.label };
    const row = await queries.updateNumber(transaction, tenantId, numberId, label);
    const after = await viewOf(transaction, row);
    await recordChange(transaction, actor, {
      action: 'phone-number.updated',
      resource: 'phone-number',
      resourceId: numberId,
      before,
      after,
    });
    return after;
  });
}

/** What is left out stays. */
export async function setRouting(
  tx: Tx,
  tenantId: TenantId,
  numberId: PhoneNumberId,
  { agents, afterHours }: RoutingInput,
): Promise<void> {
  if (agents !== undefined) {
    const found = await checkAgents(
      tx,
      agents.map(({ agentId }, index) => ({ agentId, pointer: `/agents/${index}/agentId` })),
    );
    if (new Set(found).size < found.length) {
      throw new InvalidInput(
        'An agent is named twice.',
        [{ pointer: '/agents', detail: 'names an agent twice' }],
        { code: 'agent-named-twice' },
      );
    }
    const weighted = found.map((agentId, index) => ({ agentId, weight: agents[index]!.weight }));
    await links.replaceLinks(tx, tenantId, numberId, weighted);
  }
  if (afterHours === undefined) return;
  const [afterHoursAgentId] =
    afterHours?.type === 'agent'
      ? await checkAgents(tx, [{ agentId: afterHours.agentId, pointer: '/afterHours/agentId' }])
      : [];
  await queries.updateNumber(tx, tenantId, numberId, {
    afterHoursAgentId: afterHoursAgentId ?? null,
    afterHoursMessage: afterHours?.type === 'message' ? afterHours.message : null,
  });
}
