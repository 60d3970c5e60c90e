import type { DomainEvent } from '../tenancy/events/events.ts';

/** Who stands in a history: a member's or a key's id; the agent goes by that word, whatever the call. */
export function authorOf({ type, id }: DomainEvent['actor']): string {
  return type === 'agent' ? 'agent' : id;
}
