import type { NumberStatus } from './phone-number-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { PhoneNumberId } from '../../tenancy/references/ids.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import * as links from './link-queries.ts';
import type { NumberCarrier, NumberWebhooks, OwnedNumber } from './number-carrier.ts';
import { noSuchNumber } from './number-view.ts';
import * as queries from './number-queries.ts';

/** What would become of a call to a number now, and what stands in its way. */
export interface CarrierReport {
  readonly status: NumberStatus;
  readonly isAnswered: boolean;
  readonly carrier: {
    readonly isOwned: boolean;
    readonly voiceUrl: string;
    readonly statusUrl: string;
    readonly pointsHere: boolean;
  } | null;
  readonly problems: readonly string[];
}

export interface ReportDependencies {
  readonly db: Db;
  readonly carrier: NumberCarrier;
  readonly webhooks: NumberWebhooks;
}

export async function reportNumber(
  { db, carrier, webhooks }: ReportDependencies,
  tenantId: TenantId,
  numberId: PhoneNumberId,
): Promise<CarrierReport> {
  const { row, answering } = await inTenant(db, tenantId, async (transaction) => {
    const found = await queries.findNumber(transaction, tenantId, numberId);
    if (found === undefined) throw noSuchNumber();
    return { row: found, answering: await links.countAnswering(transaction, numberId) };
  });
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

function describe(owned: OwnedNumber | undefined, { voiceUrl, statusUrl }: NumberWebhooks) {
  return {
    isOwned: owned !== undefined,
    voiceUrl: owned?.voiceUrl ?? '',
    statusUrl: owned?.statusUrl ?? '',
    pointsHere: owned?.voiceUrl === voiceUrl && owned.statusUrl === statusUrl,
  };
}
