import type { TenantId } from '../../../platform/data/ids.ts';
import type { ActorType } from '../actor/actor.ts';
import type { EventData, EventType } from './event-type.ts';

/** A fact on record, as processors read it. */
export interface DomainEvent {
  /** Its place among all events of the server, growing; gaps are possible. Text, as int8 comes from the database. */
  readonly position: string;
  readonly tenantId: TenantId;
  readonly eventType: EventType;
  /** The id of what it happened to. */
  readonly subject: string;
  readonly actor: {
    readonly type: ActorType;
    readonly id: string;
    /** The member of staff who acted in the tenant's place. */
    readonly impersonatedBy: string | null;
    readonly address: string | null;
  };
  readonly at: Date;
  readonly data: EventData;
}
