import { afterAll, beforeAll } from 'vitest';
import { createResource } from '../../src/business/catalog/resources/resources.ts';
import { createService, type Service } from '../../src/business/catalog/services/services.ts';
import { findOrCreateCustomerByPhone } from '../../src/business/customers/customers.ts';
import { allProcessors } from '../../src/app/processors.ts';
import {
  changeWeek,
  type WeeklyHours,
  weekOf,
} from '../../src/business/catalog/opening-hours/opening-hours.ts';
import { takeMessage, type TakenMessage } from '../../src/business/desk/messages/messages.ts';
import { createOrder, type NewOrder } from '../../src/business/desk/orders/orders.ts';
import { createTicket, type NewTicket } from '../../src/business/desk/tickets/tickets.ts';
import { createProduct, type NewProduct } from '../../src/business/catalog/products/products.ts';
import { agentActor, systemActor, type TenantActor } from '../../src/business/tenancy/actor/actor.ts';
import type { Tenancy, Tx } from '../../src/business/tenancy/tenancy.ts';
import { createTenant } from '../../src/business/tenancy/tenants/tenants.ts';
import type { Db, OpenDatabase } from '../../src/platform/data/db.ts';
import { newId, type TenantId } from '../../src/platform/data/ids.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { testTenancy } from '../support/test-tenancy.ts';

/** One database for the file: embedded, or on the server in DATABASE_URL. */
export function useDatabase(): {
  readonly db: Db;
  readonly tenancy: Tenancy;
  readonly database: OpenDatabase;
} {
  let database: OpenDatabase;
  let tenancy: Tenancy;
  beforeAll(async () => {
    database = await openTestDatabase();
    tenancy = testTenancy(database.db, allProcessors());
  });
  afterAll(() => database[Symbol.asyncDispose]());
  return {
    get db() {
      return database.db;
    },
    get tenancy() {
      return tenancy;
    },
    get database() {
      return database;
    },
  };
}

let phones = 0;

/** Nobody else's phone number. */
export function aPhone(): string {
  phones += 1;
  return `+1415555${String(phones).padStart(4, '0')}`;
}

export async function aTenant(db: Db, timeZone = 'America/New_York'): Promise<TenantId> {
  const slug = newId('slug').slice('slug_'.length);
  const business = { slug, name: 'Harbour Street', timeZone, currency: 'USD' };
  return (await testTenancy(db).system((tx) => createTenant(tx, business))).id;
}

export function aCustomer(db: Db, tenantId: TenantId) {
  return testTenancy(db).run({ tenantId }, (tx) => findOrCreateCustomerByPhone(tx, { phone: aPhone() }));
}

/** Work in a transaction of the tenant, done by its agent on a call. */
export function asAgent<Result>(
  tenancy: Tenancy,
  tenantId: TenantId,
  work: (tx: Tx, agent: TenantActor) => Promise<Result>,
): Promise<Result> {
  const agent = agentActor(tenantId, newId('call'));
  return tenancy.run(agent, (tx) => work(tx, agent));
}

export function aProduct(
  tenancy: Tenancy,
  tenantId: TenantId,
  product: Pick<NewProduct, 'name'> & Partial<NewProduct>,
) {
  return tenancy.run({ tenantId }, (tx) =>
    createProduct(tx, systemActor(tenantId, 'test'), {
      description: '',
      priceMinor: 4_900,
      active: true,
      ...product,
    }),
  );
}

/** Replaces the week of opening hours. */
export async function setOpeningHours(
  db: Db,
  tenantId: TenantId,
  hours: readonly WeeklyHours[],
): Promise<void> {
  const actor = systemActor(tenantId, 'test');
  await testTenancy(db).run(actor, (tx) => changeWeek(tx, actor, weekOf(hours)));
}

/** Placed by the agent. */
export function anOrder(tenancy: Tenancy, tenantId: TenantId, order: NewOrder) {
  return asAgent(tenancy, tenantId, (tx, agent) => createOrder(tx, agent, order));
}

/** Opened by the agent. */
export function aTicket(tenancy: Tenancy, tenantId: TenantId, ticket: NewTicket) {
  return asAgent(tenancy, tenantId, (tx, agent) => createTicket(tx, agent, ticket));
}

/** Taken by the agent. */
export function aMessage(tenancy: Tenancy, tenantId: TenantId, message: TakenMessage) {
  return asAgent(tenancy, tenantId, (tx, agent) => takeMessage(tx, agent, message));
}

export interface SalonOptions {
  /** A new one unless named. */
  readonly tenantId?: TenantId;
  readonly timeZone?: string;
  readonly chairs?: number;
  readonly service?: Partial<Omit<Service, 'id'>>;
}

const trim = {
  slug: 'trim',
  name: 'Trim',
  description: '',
  durationMinutes: 60,
  bufferMinutes: 15,
  priceMinor: 4_000,
  currency: 'USD',
  active: true,
  resourceIds: [],
};

/** Open nine to six on weekdays, one or more chairs, one service: a trim of an hour with a quarter after it. */
export async function aSalon(db: Db, options: SalonOptions = {}) {
  const tenantId = options.tenantId ?? (await aTenant(db, options.timeZone));
  await setOpeningHours(
    db,
    tenantId,
    [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opensAtMinute: 9 * 60, closesAtMinute: 18 * 60 })),
  );
  const actor = systemActor(tenantId, 'test');
  const service = await testTenancy(db).run(actor, async (tx) => {
    for (let chair = 1; chair <= (options.chairs ?? 1); chair += 1) {
      const place = { slug: `chair-${chair}`, name: `Chair ${chair}`, kind: 'place' } as const;
      await createResource(tx, actor, { ...place, active: true });
    }
    return createService(tx, actor, { ...trim, ...options.service });
  });
  return { tenantId, service, customer: await aCustomer(db, tenantId) };
}
