import type { NumberCapabilities, NumberStatus } from './phone-number-table.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AgentId, PhoneNumberId } from '../../tenancy/references/ids.ts';
import * as links from './link-queries.ts';
import * as queries from './number-queries.ts';

/** A number with who answers it, as the tenant sees it. */
export interface NumberView {
  readonly id: PhoneNumberId;
  /** E.164. */
  readonly number: string;
  readonly label: string;
  readonly status: NumberStatus;
  readonly carrierSid: string | null;
  readonly country: string | null;
  readonly capabilities: NumberCapabilities | null;
  readonly failure: string | null;
  readonly agents: readonly { readonly agentId: AgentId; readonly name: string; readonly weight: number }[];
  readonly afterHours: AfterHoursSetting | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly releasedAt: Date | null;
}

export type AfterHoursSetting =
  | { readonly type: 'agent'; readonly agentId: AgentId }
  | { readonly type: 'message'; readonly message: string };

export async function viewsOf(tx: Tx, rows: readonly queries.NumberRow[]): Promise<NumberView[]> {
  const ids = rows.map(({ id }) => id);
  const linked = Map.groupBy(await links.listLinksOfNumbers(tx, ids), ({ numberId }) => numberId);
  return rows.map((row) => toView(row, linked.get(row.id) ?? []));
}

export async function viewOf(tx: Tx, row: queries.NumberRow): Promise<NumberView> {
  const [view] = await viewsOf(tx, [row]);
  return view!;
}

/** Held until the transaction ends. NotFound where the tenant has no such number. */
export async function lockView(tx: Tx, tenantId: TenantId, numberId: PhoneNumberId): Promise<NumberView> {
  const row = await queries.lockNumber(tx, tenantId, numberId);
  if (row === undefined) throw noSuchNumber();
  return viewOf(tx, row);
}

export function noSuchNumber(): NotFound {
  return new NotFound('There is no such phone number.');
}

function toView(row: queries.NumberRow, linked: readonly links.LinkRow[]): NumberView {
  const { afterHoursAgentId, afterHoursMessage, attempts: _, ...rest } = row;
  return {
    ...rest,
    agents: linked.map(({ agentId, agentName, weight }) => ({ agentId, name: agentName, weight })),
    afterHours: afterHoursOf(afterHoursAgentId, afterHoursMessage),
  };
}

function afterHoursOf(agentId: AgentId | null, message: string | null): AfterHoursSetting | null {
  if (agentId !== null) return { type: 'agent', agentId };
  return message === null ? null : { type: 'message', message };
}
