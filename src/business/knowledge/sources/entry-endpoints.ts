import { pathId, restResource } from '../../tenancy/access/access.ts';
import { entryChangesSchema, entryPageSchema, entrySchema, newEntrySchema } from './entry.ts';
import {
  changeEntry,
  createEntry,
  getEntry,
  listEntries,
  removeEntry,
  resyncEntry,
} from './entry-service.ts';
import { sourceQuery } from './source.ts';

const entries = restResource({
  path: '/v1/knowledge/entries',
  id: pathId('ken', 'knowledge entry'),
  tag: 'Knowledge',
  permission: 'knowledge',
  row: entrySchema,
});

export const entryEndpoints = [
  entries.list('List entries, newest first', {
    query: sourceQuery,
    page: entryPageSchema,
    handle: listEntries,
  }),
  entries.create('Write down an answer or a text', {
    description: 'The agent finds it by its words at once, and by its meaning a moment later.',
    body: newEntrySchema,
    handle: createEntry,
  }),
  entries.read('Read an entry', { handle: getEntry }),
  entries.change('Change an entry', {
    description: 'Only what is named changes. Send If-Match to change only what you have read.',
    body: entryChangesSchema,
    handle: changeEntry,
  }),
  entries.remove('Remove an entry', { handle: removeEntry }),
  entries.action('resync', 'Index an entry anew', {
    description: 'Such as after its embedding has failed. What is there already is kept.',
    answers: { 202: entrySchema },
    handle: resyncEntry,
  }),
];
