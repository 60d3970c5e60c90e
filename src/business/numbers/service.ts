import type { Db } from '../../platform/db.ts';
import { Conflict } from '../../platform/errors.ts';
import { type AgentId, newId, type PhoneNumberId, type TenantId } from '../../platform/ids.ts';
import { parsePhone } from '../customers/phone.ts';
import { inTenant } from '../tenants/unit-of-work.ts';
import * as queries from './queries.ts';

export interface PhoneNumber {
  readonly id: PhoneNumberId;
  /** E.164. */
  readonly number: string;
  readonly agentId: AgentId;
}

/** From the next look of the directory on, calls to this number are answered by the agent's published version. */
export async function addNumber(
  db: Db,
  tenantId: TenantId,
  input: { readonly number: string; readonly agentId: AgentId },
): Promise<PhoneNumber> {
  const line = { id: newId('num'), number: parsePhone(input.number), agentId: input.agentId };
  return inTenant(db, tenantId, async (transaction) => {
    if ((await queries.insertNumber(transaction, tenantId, line)) === undefined) {
      throw new Conflict(`${line.number} is in use already; choose another number.`);
    }
    return line;
  });
}

export function listNumbers(db: Db, tenantId: TenantId): Promise<readonly PhoneNumber[]> {
  return inTenant(db, tenantId, (transaction) => queries.listNumbers(transaction, tenantId));
}
