import type { Db } from '../../platform/data/db.ts';
import type { CustomerId } from '../tenancy/references/ids.ts';
import { decrypt } from '../../platform/crypto/personal-data.ts';
import type { TenantActor } from '../tenancy/access/actor.ts';
import { recordChange } from '../tenancy/audit/record-change.ts';
import { inTenant } from '../tenancy/tenants/unit-of-work.ts';
import { listCallsWithWords, listOwnRecords } from './export-queries.ts';
import * as queries from './queries.ts';
import { toRecord } from './records.ts';
import { orNotFound } from './service.ts';

// A long call is some hundred kilobytes; as many as this are in memory at once.
const callsAtOnce = 20;

/** Everything on record of one person, as the text of one JSON document; the export itself goes on record first. */
export async function exportCustomer(
  db: Db,
  actor: TenantActor,
  customerId: CustomerId,
): Promise<AsyncIterable<string>> {
  const { tenantId } = actor;
  const whole = await inTenant(db, tenantId, async (transaction) => {
    const row = orNotFound(await queries.findById(transaction, tenantId, customerId));
    await recordChange(transaction, actor, {
      action: 'customer.exported',
      resource: 'customer',
      resourceId: customerId,
    });
    const customer = await toRecord(transaction, tenantId, row);
    return { customer, ...(await listOwnRecords(transaction, tenantId, customerId)) };
  });
  const records = {
    ...whole,
    orders: whole.orders.map(readable),
    messages: whole.messages.map(readableMessage),
  };
  return written(records, callPages(db, actor, customerId));
}

async function* written(whole: object, pages: AsyncIterable<readonly object[]>): AsyncGenerator<string> {
  yield `${JSON.stringify(whole, null, 2).slice(0, -2)},\n  "calls": [`;
  let separator = '';
  for await (const calls of pages) {
    for (const call of calls) {
      yield `${separator}\n${JSON.stringify(call, null, 2)}`;
      separator = ',';
    }
  }
  yield '\n  ]\n}\n';
}

async function* callPages(
  db: Db,
  { tenantId }: TenantActor,
  customerId: CustomerId,
): AsyncGenerator<readonly object[]> {
  let after: { readonly startedAt: Date; readonly id: string } | undefined;
  for (;;) {
    const page = { after, limit: callsAtOnce };
    const calls = await inTenant(db, tenantId, (transaction) =>
      listCallsWithWords(transaction, tenantId, customerId, page),
    );
    yield calls.map(({ fromEncrypted, ...call }) => ({
      ...call,
      from: fromEncrypted && decrypt(fromEncrypted),
    }));
    after = calls.at(-1);
    if (calls.length < callsAtOnce) return;
  }
}

function readableMessage({ callbackPhoneEncrypted: stored, ...message }: Readonly<Record<string, unknown>>) {
  return { ...message, callbackPhone: typeof stored === 'string' ? decrypt(stored) : null };
}

function readable({ addressEncrypted, ...order }: Readonly<Record<string, unknown>>) {
  return { ...order, address: typeof addressEncrypted === 'string' ? decrypt(addressEncrypted) : null };
}
