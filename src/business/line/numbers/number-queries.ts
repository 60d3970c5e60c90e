import { keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { parseId } from '../../../platform/data/ids.ts';
import type { AgentId, PhoneNumberId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import * as links from './link-queries.ts';
import type { PhoneNumber } from './number.ts';
import { type NumberStatus, type PhoneNumberRow, phoneNumberTable } from './phone-number-table.ts';

/** Those that the business has, or is about to have or to give back. */
export const statusesInUse: readonly NumberStatus[] = ['ordering', 'active', 'releasing'];

export interface ListNumbers extends PageRequest {
  /** Those in use, where left out. */
  readonly status?: NumberStatus | undefined;
  readonly agentId?: string | undefined;
  readonly search?: string | undefined;
}

const newestFirst = keyset({ column: 'phoneNumber.id' });

export async function listNumbers(
  tx: Tx,
  { limit, cursor, status, agentId, search }: ListNumbers,
): Promise<Page<PhoneNumber>> {
  const agent = agentId === undefined ? undefined : parseId('agt', agentId);
  if (agentId !== undefined && agent === undefined) return { data: [], nextCursor: null };
  let query = selectNumbers(tx, status ?? statusesInUse);
  if (search !== undefined) {
    const pattern = `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where((row) => row.or([row('number', 'like', pattern), row('label', 'ilike', pattern)]));
  }
  if (agent !== undefined) query = query.where('id', 'in', links.numbersLinkedTo(tx, agent));
  const { data, nextCursor } = await newestFirst.page(query, { limit, cursor, direction: 'desc' });
  return { data: await toNumbers(tx, data), nextCursor };
}

export async function getNumber(tx: Tx, id: PhoneNumberId): Promise<PhoneNumber> {
  return toNumber(tx, await phoneNumberTable.get(tx, id));
}

// More than a business has; a list of what it answers needs no pages.
const mostActive = 100;

/** Those that are answered now, newest first, without who answers them. */
export async function listActiveNumbers(
  tx: Tx,
): Promise<readonly { readonly id: PhoneNumberId; readonly phoneNumber: string }[]> {
  const rows = await selectNumbers(tx, 'active').orderBy('id', 'desc').limit(mostActive).execute();
  return rows.map(({ id, number }) => ({ id, phoneNumber: number }));
}

/** Locks them until the transaction ends; in the order of their ids, so that two changes cannot block each other. */
export async function lockNumbers(
  tx: Tx,
  ids: readonly PhoneNumberId[],
): Promise<ReadonlyMap<PhoneNumberId, PhoneNumberRow>> {
  const rows = await tx
    .selectFrom('phoneNumber')
    .select(phoneNumberTable.columns)
    .where(matching('phoneNumber', { tenantId: tx.tenantId, id: ids }))
    .orderBy('id')
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

export async function toNumber(tx: Tx, row: PhoneNumberRow): Promise<PhoneNumber> {
  return (await toNumbers(tx, [row]))[0]!;
}

/** The rows with the agents that answer them. */
async function toNumbers(tx: Tx, rows: readonly PhoneNumberRow[]): Promise<PhoneNumber[]> {
  const linked = await links.listLinksOfNumbers(
    tx,
    rows.map(({ id }) => id),
  );
  const byNumber = Map.groupBy(linked, ({ numberId }) => numberId);
  return rows.map(({ number, afterHoursAgentId, afterHoursMessage, ...row }) => ({
    ...row,
    phoneNumber: number,
    agents: (byNumber.get(row.id) ?? []).map(({ agentId, name, weight }) => ({ agentId, name, weight })),
    afterHours: toAfterHours(afterHoursAgentId, afterHoursMessage),
  }));
}

function toAfterHours(agentId: AgentId | null, message: string | null): PhoneNumber['afterHours'] {
  if (agentId !== null) return { type: 'agent', agentId };
  return message === null ? null : { type: 'message', message };
}

function selectNumbers(tx: Tx, status: NumberStatus | readonly NumberStatus[]) {
  return tx
    .selectFrom('phoneNumber')
    .select(phoneNumberTable.columns)
    .where(matching('phoneNumber', { tenantId: tx.tenantId, status }));
}
