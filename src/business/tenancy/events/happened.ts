import { sql } from 'kysely';
import { actorIdOf, type TenantActor } from '../actor/actor.ts';
import type { SystemTx, Tx } from './tx.ts';
import { decodeData, type NewDomainEvent, storedData } from './event-type.ts';
import type { DomainEvent } from './domain-event.ts';

/**
 * Records an event in the transaction of its change, so that both are committed or neither. Processors turn it into
 * audit entries, histories, alerts and the live stream; see `Processor` for when. Returns the event's sequence in the
 * stream of its subject, counted from 1.
 */
export async function happened(
  tx: Tx | SystemTx,
  actor: TenantActor,
  event: NewDomainEvent,
): Promise<number> {
  const { sequence, ...recorded } = await record(tx, actor, event);
  await tx.dispatch(recorded);
  return sequence;
}

/** The next event of the subject's stream. */
async function record(
  tx: Tx | SystemTx,
  actor: TenantActor,
  { eventType, subject, data, at }: NewDomainEvent,
): Promise<DomainEvent & { readonly sequence: number }> {
  const { tenantId } = actor;
  const stored = storedData(tx.cipher, data);
  const by = {
    type: actor.type,
    id: actorIdOf(actor),
    impersonatedBy: actor.type === 'staff' ? actor.staffId : null,
    address: actor.address ?? null,
  };
  const insert = sql<{ sequence: number; position: string; at: Date }>`
    insert into event_record
      (tenant_id, stream, sequence, type, version, data, actor_type, actor_id, impersonated_by, address, at)
    select ${tenantId}, ${subject}, coalesce(max(sequence), 0) + 1, ${eventType.type}, ${eventType.version},
           ${stored}::jsonb, ${by.type}, ${by.id}, ${by.impersonatedBy}, ${by.address},
           coalesce(${at ?? null}::timestamptz, now())
    from event_record where tenant_id = ${tenantId} and stream = ${subject}
    on conflict (tenant_id, stream, sequence) do nothing
    returning sequence, position, at`;
  for (;;) {
    const [row] = (await insert.execute(tx)).rows;
    if (row !== undefined) {
      return {
        ...row,
        tenantId,
        eventType,
        subject,
        actor: by,
        data: decodeData(eventType, JSON.parse(stored)),
      };
    }
    // Without a lock on the subject's row another transaction may have taken the number. The insert has waited for its
    // commit, so the next number is known now.
  }
}
