import { z } from 'zod';
import type { StreamEvent } from '../../tenancy/events/events.ts';
import type { HistoryEntry } from './conversation.ts';
import { conversationEvents } from './conversation-events.ts';

const part = z.record(z.string(), z.unknown()).optional();
const storedData = z.object({ before: part, after: part, details: part });

/** An event as the history answers it: with flat data, and one type for every change of the status. */
export function readHistoryEntry({ sequence, at, type, actorId, data }: StreamEvent): HistoryEntry {
  const { before, after, details } = storedData.parse(data);
  const placed = { sequence, at };
  switch (type) {
    case conversationEvents.opened.type:
      return { ...placed, type: 'conversation-opened', data: { ...details } };
    case conversationEvents['status-changed'].type:
    case conversationEvents['status-followed'].type: {
      const by = details?.['by'] ?? actorId;
      return {
        ...placed,
        type: 'status-changed',
        data: { from: before?.['status'], to: after?.['status'], by },
      };
    }
    case conversationEvents.assigned.type:
      return { ...placed, type: 'assigned', data: { memberId: after?.['assigneeId'], by: actorId } };
    default:
      return { ...placed, type: type.slice('conversation.'.length), data: { ...details } };
  }
}
