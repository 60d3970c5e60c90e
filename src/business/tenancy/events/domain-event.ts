import type { TenantId } from '../../../platform/data/ids.ts';
import type { ActorType } from '../actor/actor.ts';
import type { EventData, EventType } from './event-type.ts';

/** A recorded event, as processors read it. */
export interface DomainEvent {
  /** Position among all events of the server, ascending with possible gaps. Text, because it is an int8. */
  readonly position: string;
  readonly tenantId: TenantId;
  readonly eventType: EventType;
  /** The id of the resource that has changed. */
  readonly subject: string;
  readonly actor: {
    readonly type: ActorType;
    readonly id: string;
    /** The member of staff who impersonated the tenant. */
    readonly impersonatedBy: string | null;
    readonly address: string | null;
  };
  readonly at: Date;
  readonly data: EventData;
}
