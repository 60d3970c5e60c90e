import type { Logger } from 'pino';
import { Conflict, Forbidden, Unprocessable, VendorError } from '../../../platform/process/errors.ts';
import { parsePhone } from '../../customers/customers.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { PhoneNumberId } from '../../tenancy/ids/ids.ts';
import type { Tenancy, Tx } from '../../tenancy/tenancy.ts';
import { replaceLinks } from './link-queries.ts';
import type { NumberOrder, PhoneNumber } from './number.ts';
import type { NumberCarrier, NumberWebhooks, OwnedNumber } from './number-carrier.ts';
import { numberEvents, toFacts } from './number-events.ts';
import { getNumber, toNumber } from './number-queries.ts';
import { insertNumber } from './number-service.ts';
import { type PhoneNumberRow, phoneNumberTable } from './phone-number-table.ts';
import { settleNumber } from './settle-number.ts';

/* The carrier is asked between transactions, and never within one. */

export interface NumberOrderDependencies {
  readonly tenancy: Tenancy;
  readonly carrier: NumberCarrier;
  /** Where the carrier announces calls to this server. */
  readonly webhooks: NumberWebhooks;
  /** A carrier that is only played costs nothing, so keys for tests may order from it. */
  readonly isCarrierSimulated: boolean;
  readonly logger: Logger;
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
): Promise<PhoneNumber> {
  refuseTestKey(dependencies, actor);
  return reserve(dependencies, actor, order, undefined);
}

/** Takes over a number that the carrier's account has already, unless it is in use for something else there. */
export async function importNumber(
  dependencies: NumberOrderDependencies,
  actor: TenantActor,
  order: NumberOrder,
): Promise<PhoneNumber> {
  refuseTestKey(dependencies, actor);
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

/** Not answered from this moment on; given back at the carrier now, or as soon as it can be reached. */
export async function releaseNumber(
  dependencies: NumberOrderDependencies,
  actor: TenantActor,
  id: PhoneNumberId,
): Promise<PhoneNumber> {
  const { tenancy } = dependencies;
  const row = await tenancy.run(actor, (tx) => beginRelease(tx, actor, id));
  return row === undefined
    ? tenancy.run(actor, (tx) => getNumber(tx, id))
    : settleNow(dependencies, actor, row);
}

/** Undefined where the number is not the tenant's any more, or is being given back already. */
async function beginRelease(
  tx: Tx,
  actor: TenantActor,
  id: PhoneNumberId,
): Promise<PhoneNumberRow | undefined> {
  const before = await toNumber(tx, await phoneNumberTable.lock(tx, id));
  if (before.status === 'ordering')
    throw new Conflict('This number is being ordered; wait for that first.', { code: 'number-in-order' });
  if (before.status !== 'active') return undefined;
  await replaceLinks(tx, id, []);
  const row = await phoneNumberTable.update(tx, id, {
    status: 'releasing',
    attemptedAt: new Date(),
    attempts: 1,
    afterHoursAgentId: null,
    afterHoursMessage: null,
  });
  await happened(tx, actor, numberEvents.released({ subject: id, before: toFacts(before) }));
  return row;
}

/** Tells the carrier again where calls are announced. */
export async function configureNumber(
  { tenancy, carrier, webhooks }: NumberOrderDependencies,
  actor: TenantActor,
  id: PhoneNumberId,
): Promise<PhoneNumber> {
  const { status, carrierSid } = await tenancy.run(actor, (tx) => getNumber(tx, id));
  if (status !== 'active' || carrierSid === null) {
    throw new Conflict('Only a number in use that came from the carrier can be configured there.', {
      code: 'number-not-configurable',
    });
  }
  const owned = await carrier.configure(carrierSid, webhooks);
  if (owned === undefined)
    throw new Conflict('The carrier’s account has this number no more.', { code: 'number-not-at-carrier' });
  return tenancy.run(actor, async (tx) => {
    await happened(tx, actor, numberEvents.configured({ subject: id }));
    return getNumber(tx, id);
  });
}

async function reserve(
  dependencies: NumberOrderDependencies,
  actor: TenantActor,
  order: NumberOrder,
  owned: OwnedNumber | undefined,
): Promise<PhoneNumber> {
  const row = await dependencies.tenancy.run(actor, async (tx) => {
    const inserted = await insertNumber(tx, order, {
      status: 'ordering',
      ...(owned === undefined ? {} : { carrierSid: owned.carrierSid }),
    });
    const after = toFacts(await toNumber(tx, inserted));
    const fact = owned === undefined ? numberEvents.ordered : numberEvents.imported;
    await happened(tx, actor, fact({ subject: inserted.id, after }));
    return inserted;
  });
  const number = await settleNow(dependencies, actor, row);
  if (number.status === 'failed')
    throw new Conflict(number.failure ?? 'The carrier does not sell this number.', {
      code: 'number-not-sold',
    });
  return number;
}

/** What the carrier leaves open because it cannot be reached is settled later. */
async function settleNow(
  dependencies: NumberOrderDependencies,
  actor: TenantActor,
  row: PhoneNumberRow,
): Promise<PhoneNumber> {
  const { tenancy, logger } = dependencies;
  try {
    await settleNumber(dependencies, actor, row);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    logger.warn({ err: error, numberId: row.id }, 'number order not settled with carrier; will retry');
  }
  return tenancy.run(actor, (tx) => getNumber(tx, row.id));
}

function refuseTestKey({ isCarrierSimulated }: NumberOrderDependencies, actor: TenantActor): void {
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
