import { defineEvents } from '../../tenancy/events/events.ts';
import { fileSchema } from './file.ts';

const facts = fileSchema.pick({ name: true, mediaType: true, sizeBytes: true });

export const knowledgeFileEvents = defineEvents('knowledge-file', {
  added: { says: 'A file was uploaded.', after: facts },
  resynced: { says: 'A file is to be read anew.' },
  removed: { says: 'A file was removed with everything that was read from it.', before: facts },
});
