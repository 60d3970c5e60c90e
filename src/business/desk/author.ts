import type { DomainEvent } from '../tenancy/events/events.ts';

/** The author in a history: the id of a member or a key, or `agent`. */
export function authorOf({ type, id }: DomainEvent['actor']): string {
  return type === 'agent' ? 'agent' : id;
}
