import type { TenantActor } from '../../tenancy/actor/actor.ts';
import type { PhoneNumberId } from '../../tenancy/ids/ids.ts';
import type { NumberReport } from './carrier-answers.ts';
import type { NumberOrderDependencies } from './carrier-orders.ts';
import { countAnswering } from './link-queries.ts';
import type { NumberWebhooks, OwnedNumber } from './number-carrier.ts';
import { phoneNumberTable } from './phone-number-table.ts';

/** What would become of a call to a number now, and what stands in its way. */
export async function reportNumber(
  { tenancy, carrier, webhooks }: Pick<NumberOrderDependencies, 'tenancy' | 'carrier' | 'webhooks'>,
  actor: TenantActor,
  id: PhoneNumberId,
): Promise<NumberReport> {
  const { row, answering } = await tenancy.run(actor, async (tx) => ({
    row: await phoneNumberTable.get(tx, id),
    answering: await countAnswering(tx, id),
  }));
  const isOurs = row.status === 'active';
  const owned = row.carrierSid === null || !isOurs ? undefined : await carrier.findOwned(row.number);
  const atCarrier = row.carrierSid === null ? null : describe(owned, webhooks);
  const problems = [
    ...(isOurs ? [] : [`This number is ${row.status}${row.failure === null ? '.' : `: ${row.failure}`}`]),
    ...(isOurs && answering === 0
      ? ['No published agent answers this number: link one, with a weight above 0, and publish it.']
      : []),
    ...(isOurs && atCarrier?.isOwned === false ? ['The carrier’s account has this number no more.'] : []),
    ...(isOurs && atCarrier?.isOwned === true && !atCarrier.pointsHere
      ? ['The carrier announces calls elsewhere: POST …/configure sets that right.']
      : []),
  ];
  return { status: row.status, isAnswered: problems.length === 0, carrier: atCarrier, problems };
}

function describe(
  owned: OwnedNumber | undefined,
  { voiceUrl, statusUrl }: NumberWebhooks,
): NonNullable<NumberReport['carrier']> {
  return {
    isOwned: owned !== undefined,
    voiceUrl: owned?.voiceUrl ?? '',
    statusUrl: owned?.statusUrl ?? '',
    pointsHere: owned?.voiceUrl === voiceUrl && owned.statusUrl === statusUrl,
  };
}
