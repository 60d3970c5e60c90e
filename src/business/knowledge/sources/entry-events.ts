import { hash } from 'node:crypto';
import { z } from 'zod';
import { defineEvents, eventText } from '../../tenancy/events/events.ts';
import { entrySchema } from './entry.ts';

/** A text by its beginning. A digest after a long one tells that it changed further on, such as in one digit. */
const entryText = z.codec(z.string(), z.string(), {
  decode: (text) => text,
  encode(text) {
    const stored = z.encode(eventText, text);
    return stored === text ? text : `${stored} sha256 ${hash('sha256', text).slice(0, 8)}`;
  },
});

const facts = entrySchema.pick({ title: true, text: true, language: true }).extend({ text: entryText });

export const knowledgeEntryEvents = defineEvents('knowledge-entry', {
  created: { says: 'An answer or a text was written down.', after: facts },
  changed: { says: 'An entry was changed.', before: facts, after: facts },
  resynced: { says: 'An entry was indexed and embedded anew, as it is.', before: facts, after: facts },
  removed: { says: 'An entry was removed.', before: facts },
});
