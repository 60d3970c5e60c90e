import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { Logger } from 'pino';
import type { Db } from '../../../platform/data/db.ts';
import { Conflict, Forbidden, Unprocessable, VendorError } from '../../../platform/process/errors.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { PhoneNumberId } from '../../tenancy/references/ids.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import type { TenantActor } from '../../tenancy/access/actor.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { parsePhone } from '../../customers/customers.ts';
import type { NumberCarrier, NumberWebhooks, OwnedNumber } from './number-carrier.ts';
import { lockView, noSuchNumber, type NumberView, viewOf } from './number-view.ts';
import * as links from './link-queries.ts';
import * as queries from './number-queries.ts';
import { numberTaken, type RoutingInput, setRouting } from './number-service.ts';
import { settleNumber } from './settle-number.ts';

export interface NumberOrderDependencies {
  readonly db: Db;
  readonly carrier: NumberCarrier;
  /** Where the carrier announces calls to this server. */
  readonly webhooks: NumberWebhooks;
  /** A carrier that is only played costs nothing, so keys for tests may order from it. */
  readonly isCarrierSimulated: boolean;
  readonly logger: Logger;
}

export interface NumberOrder extends RoutingInput {
  readonly phoneNumber: string;
  readonly label?: string | undefined;
}

/**
 * Orders exactly once. The number is reserved here first, in a row that nobody else can have; then it is bought; then
 * the row is confirmed. Whatever ends in between (this process, the connection to the carrier) leaves the row
 * `ordering`, and the job `settle-numbers` finds out what became of it before anything is bought again.
 */
export async function buyNumber(
  dependencies: NumberOrderDependencies,
  actor: TenantActor,
  order: NumberOrder,
): Promise<NumberView> {
  mayOrder(dependencies, actor);
  return reserve(dependencies, actor, order, undefined);
}

/** Takes over a number that the carrier's account has already, unless it is in use for something else there. */
export async function importNumber(
  dependencies: NumberOrderDependencies,
  actor: TenantActor,
  order: NumberOrder,
): Promise<NumberView> {
  mayOrder(dependencies, actor);
  const number = parsePhone(order.phoneNumber, '/phoneNumber');
  const owned = await dependencies.carrier.findOwned(number);
  if (owned === undefined) {
    throw new Unprocessable(`${number} is not in the carrier’s account; buy it instead.`, {
      code: 'number-not-owned',
    });
  }
  if (!isFree(owned, dependencies.webhooks)) {
    throw new Conflict(
      `${number} answers elsewhere. Whoever owns it clears its voice URL at the carrier first, then it can be imported.`,
      { code: 'number-answers-elsewhere' },
    );
  }
  return reserve(dependencies, actor, order, owned);
}

/** No longer answered from this moment; given back at the carrier now, or as soon as it can be reached. */
export async function releaseNumber(
  dependencies: NumberOrderDependencies,
  actor: TenantActor,
  numberId: PhoneNumberId,
): Promise<NumberView> {
  const { db } = dependencies;
  const { tenantId } = actor;
  const row = await inTenant(db, tenantId, async (transaction) => {
    const before = await lockView(transaction, tenantId, numberId);
    if (before.status === 'ordering')
      throw new Conflict('This number is being ordered; wait for that first.', { code: 'number-in-order' });
    if (before.status !== 'active') return undefined;
    await links.replaceLinks(transaction, tenantId, numberId, []);
    await recordChange(transaction, actor, {
      action: 'phone-number.released',
      resource: 'phone-number',
      resourceId: numberId,
      before,
    });
    return queries.updateNumber(transaction, tenantId, numberId, {
      status: 'releasing',
      attemptedAt: new Date(),
      attempts: 1,
      afterHoursAgentId: null,
      afterHoursMessage: null,
    });
  });
  return row === undefined ? readView(db, tenantId, numberId) : settleNow(dependencies, tenantId, row);
}

/** Tells the carrier again where calls are announced. */
export async function configureNumber(
  { db, carrier, webhooks }: NumberOrderDependencies,
  actor: TenantActor,
  numberId: PhoneNumberId,
): Promise<NumberView> {
  const { tenantId } = actor;
  const { status, carrierSid } = await readView(db, tenantId, numberId);
  if (status !== 'active' || carrierSid === null) {
    throw new Conflict('Only a number in use that came from the carrier can be configured there.', {
      code: 'number-not-configurable',
    });
  }
  const owned = await carrier.configure(carrierSid, webhooks);
  if (owned === undefined)
    throw new Conflict('The carrier’s account has this number no more.', { code: 'number-not-at-carrier' });
  return inTenant(db, tenantId, async (transaction) => {
    await recordChange(transaction, actor, {
      action: 'phone-number.configured',
      resource: 'phone-number',
      resourceId: numberId,
    });
    return lockView(transaction, tenantId, numberId);
  });
}

async function reserve(
  dependencies: NumberOrderDependencies,
  actor: TenantActor,
  order: NumberOrder,
  owned: OwnedNumber | undefined,
): Promise<NumberView> {
  const { tenantId } = actor;
  const number = parsePhone(order.phoneNumber, '/phoneNumber');
  const row = await inTenant(dependencies.db, tenantId, async (transaction) => {
    const inserted = await queries.insertNumber(transaction, tenantId, {
      id: newId('num'),
      number,
      status: 'ordering',
      label: order.label ?? '',
      country: parsePhoneNumberFromString(number)?.country ?? null,
      ...(owned === undefined ? {} : { carrierSid: owned.carrierSid }),
    });
    if (inserted === undefined) throw numberTaken(number);
    await setRouting(transaction, tenantId, inserted.id, order);
    await recordChange(transaction, actor, {
      action: owned === undefined ? 'phone-number.ordered' : 'phone-number.imported',
      resource: 'phone-number',
      resourceId: inserted.id,
      after: { number, label: order.label, agents: order.agents, afterHours: order.afterHours },
    });
    return inserted;
  });
  const view = await settleNow(dependencies, tenantId, row);
  if (view.status === 'failed')
    throw new Conflict(view.failure ?? 'The carrier does not sell this number.', { code: 'number-not-sold' });
  return view;
}

/** A carrier that cannot be reached is not the end of it: what is left open is settled later. */
async function settleNow(
  dependencies: NumberOrderDependencies,
  tenantId: TenantId,
  row: queries.NumberRow,
): Promise<NumberView> {
  try {
    await settleNumber(dependencies, tenantId, row);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    dependencies.logger.warn(
      { err: error, numberId: row.id },
      'number order not settled with carrier; will retry',
    );
  }
  return readView(dependencies.db, tenantId, row.id);
}

function readView(db: Db, tenantId: TenantId, numberId: PhoneNumberId): Promise<NumberView> {
  return inTenant(db, tenantId, async (transaction) => {
    const row = await queries.findNumber(transaction, tenantId, numberId);
    if (row === undefined) throw noSuchNumber();
    return viewOf(transaction, row);
  });
}

function mayOrder({ isCarrierSimulated }: NumberOrderDependencies, actor: TenantActor): void {
  if (actor.type === 'api-key' && actor.mode === 'test' && !isCarrierSimulated) {
    throw new Forbidden('A test key spends no money; order numbers with a live key.', {
      code: 'live-key-needed',
    });
  }
}

// What the carrier sets on a number that its owner has not configured.
const carrierDefault = /^https?:\/\/demo\.twilio\.com\//;

/** Otherwise one tenant could take what another business of the same account lives on. */
function isFree({ voiceUrl }: OwnedNumber, webhooks: NumberWebhooks): boolean {
  return voiceUrl === '' || voiceUrl === webhooks.voiceUrl || carrierDefault.test(voiceUrl);
}
