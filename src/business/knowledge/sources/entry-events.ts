import { defineEvents, eventText } from '../../tenancy/events/events.ts';
import { entrySchema } from './entry.ts';

const facts = entrySchema.pick({ title: true, text: true, language: true }).extend({ text: eventText });

export const knowledgeEntryEvents = defineEvents('knowledge-entry', {
  created: { says: 'An answer or a text was written down.', after: facts },
  changed: { says: 'An entry was changed.', before: facts, after: facts },
  resynced: { says: 'An entry was indexed and embedded anew, as it is.', before: facts, after: facts },
  removed: { says: 'An entry was removed.', before: facts },
});
