import { parseArgs } from 'node:util';
import { openRecords } from '../src/app/records.ts';
import { systemActor } from '../src/business/tenancy/actor/actor.ts';
import { createAgent, findAgentBySlug, publishDraft } from '../src/business/line/agents/agents.ts';
import { createOperatorKey } from '../src/business/identity/api-keys/api-keys.ts';
import { createResource } from '../src/business/catalog/resources/resources.ts';
import { createService } from '../src/business/catalog/services/services.ts';
import { findOrCreateCustomerByPhone } from '../src/business/customers/customers.ts';
import { createEntry } from '../src/business/knowledge/knowledge.ts';
import { addNumber } from '../src/business/line/numbers/numbers.ts';
import { createOrder } from '../src/business/desk/orders/orders.ts';
import { changeWeek, importSpecialDays } from '../src/business/catalog/opening-hours/opening-hours.ts';
import { createProduct } from '../src/business/catalog/products/products.ts';
import type { Tenancy, Tx } from '../src/business/tenancy/tenancy.ts';
import { createTenant, findTenantBySlug } from '../src/business/tenancy/tenants/tenants.ts';
import { loadConfig } from '../src/app/config.ts';
import type { Db } from '../src/platform/data/db.ts';
import { Conflict, InvalidInput } from '../src/platform/process/errors.ts';
import { newId, type TenantId } from '../src/platform/data/ids.ts';
import { createLogger } from '../src/platform/process/logger.ts';
import { listPrices } from '../src/vendors/vendors.ts';
import {
  demoAgent,
  demoBusiness,
  demoHours,
  demoKnowledge,
  demoProducts,
  demoResources,
  demoServices,
} from './seed/demo-business.ts';
import { demoMembers, seedShowcase } from './seed/showcase.ts';

/** Dependencies of the seed. */
export interface SeedTarget {
  readonly db: Db;
  readonly tenancy: Tenancy;
}

export interface DemoTenant {
  readonly tenantId: TenantId;
  /** E.164: the number to dial. */
  readonly number: string;
  /** Returned the first time only, because the key is not stored. */
  readonly apiKey?: string;
}

/** Creates the demo tenant in one transaction; does nothing if it exists. */
export async function seedDemo({ tenancy }: SeedTarget): Promise<DemoTenant> {
  const { slug, number } = demoBusiness;
  const existing = await tenancy.system((tx) => findTenantBySlug(tx, slug));
  if (existing !== undefined) return { tenantId: existing.id, number };
  const tenantId = newId('tnt');
  const apiKey = await tenancy.run({ tenantId }, async (transaction) => {
    const { name, timeZone, currency } = demoBusiness;
    await createTenant(transaction, { id: tenantId, slug, name, timeZone, currency });
    await seedLine(transaction);
    await seedShop(transaction);
    await seedWorkshop(transaction);
    await seedKnowledge(transaction);
    return (await createOperatorKey(transaction, systemActor(tenantId, 'seed'), { name: 'Demo' })).key;
  });
  return { tenantId, number, apiKey };
}

async function seedLine(tx: Tx): Promise<void> {
  const actor = systemActor(tx.tenantId, 'seed');
  const { id: agentId } = await createAgent(tx, actor, demoAgent, { slug: 'front-desk' });
  await publishDraft(tx, actor, agentId);
  await addNumber(tx, actor, { phoneNumber: demoBusiness.number, agentId });
}

async function seedShop(tx: Tx): Promise<void> {
  const { tenantId } = tx;
  const { currency, knownCustomer } = demoBusiness;
  const actor = systemActor(tenantId, 'seed');
  for (const product of demoProducts) {
    await createProduct(tx, actor, { currency, active: true, ...product });
  }
  const customer = await findOrCreateCustomerByPhone(tx, knownCustomer);
  await createOrder(tx, actor, {
    customerId: customer.id,
    items: [
      { product: 'u-lock', quantity: 1 },
      { product: 'light-set', quantity: 1 },
    ],
  });
}

async function seedWorkshop(tx: Tx): Promise<void> {
  const { tenantId } = tx;
  const { currency } = demoBusiness;
  const actor = systemActor(tenantId, 'seed');
  for (const service of demoServices) {
    await createService(tx, actor, { currency, active: true, resourceIds: [], ...service });
  }
  for (const resource of demoResources) {
    await createResource(tx, actor, { kind: 'equipment', active: true, ...resource });
  }
  await changeWeek(tx, actor, demoHours);
  const year = new Date().getUTCFullYear();
  const holidays = [`${year}-12-25`, `${year + 1}-01-01`, `${year + 1}-12-25`];
  const closed = { ranges: [], reason: 'Public holiday' };
  await importSpecialDays(
    tx,
    actor,
    holidays.map((date) => ({ date, ...closed })),
  );
}

async function seedKnowledge(tx: Tx): Promise<void> {
  const actor = systemActor(tx.tenantId, 'seed');
  for (const entry of demoKnowledge) await createEntry(tx, actor, { ...entry, language: 'en' });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { number: { type: 'string' } } });
  const config = loadConfig(process.env);
  const logger = createLogger({ logLevel: 'warn' });
  await using records = await openRecords({ config, logger });
  const { tenancy } = records;
  const { db } = records.database;
  const { tenantId, number, apiKey } = await seedDemo({ db, tenancy });
  console.log(`${demoBusiness.name} (${tenantId}) answers ${number}.`);
  if (apiKey === undefined) {
    console.log('It exists already; nothing was changed, and its API key was shown when it was created.');
  } else {
    const isProduction = config.nodeEnv === 'production';
    const options = { isProduction, prices: listPrices };
    const { calls, password } = await seedShowcase({ db, tenancy }, tenantId, options);
    console.log(`Three weeks of history: ${calls} calls with their bookings, orders and tickets.`);
    for (const { email, role } of demoMembers) console.log(`Sign in as ${role}: ${email} / ${password}`);
    console.log(`API key, shown this once: ${apiKey}`);
  }
  if (values.number !== undefined) {
    const agent = await tenancy.run({ tenantId }, (tx) => findAgentBySlug(tx, 'front-desk'));
    if (agent === undefined)
      throw new Error('The demo business has lost its agent; give the number to another.');
    try {
      const asked = { phoneNumber: values.number, agentId: agent.id };
      const actor = systemActor(tenantId, 'seed');
      const { phoneNumber } = await tenancy.run(actor, (tx) => addNumber(tx, actor, asked));
      console.log(`${phoneNumber} is answered as well.`);
    } catch (error) {
      if (!(error instanceof Conflict || error instanceof InvalidInput)) throw error;
      console.error(error.message);
      process.exitCode = 1;
    }
  }
}
