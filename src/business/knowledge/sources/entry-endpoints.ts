import { z } from 'zod';
import { endpoint, pathId } from '../../tenancy/access/access.ts';
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

const tag = 'Knowledge';
const id = pathId('ken', 'knowledge entry');

export const entryEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/knowledge/entries',
    needs: 'knowledge:read',
    tag,
    summary: 'List entries, newest first',
    query: sourceQuery,
    answers: { 200: entryPageSchema },
    handle: ({ tx, query }) => listEntries(tx, query),
  }),
  endpoint({
    method: 'POST',
    path: '/v1/knowledge/entries',
    needs: 'knowledge:write',
    idempotent: true,
    tag,
    summary: 'Write down an answer or a text',
    description: 'The agent finds it by its words at once, and by its meaning a moment later.',
    body: newEntrySchema,
    answers: { 201: entrySchema },
    handle: ({ tx, actor, body }) => createEntry(tx, actor, body),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/knowledge/entries/:id',
    needs: 'knowledge:read',
    tag,
    summary: 'Read an entry',
    params: { id },
    answers: { 200: entrySchema },
    handle: ({ tx, params }) => getEntry(tx, params.id),
  }),
  endpoint({
    method: 'PATCH',
    path: '/v1/knowledge/entries/:id',
    needs: 'knowledge:write',
    tag,
    summary: 'Change an entry',
    description: 'Only what is named changes. Send If-Match to change only what you have read.',
    params: { id },
    body: entryChangesSchema,
    answers: { 200: entrySchema },
    handle: ({ tx, actor, params, body, ifMatch }) =>
      changeEntry(tx, actor, params.id, { changes: body, ifMatch }),
  }),
  endpoint({
    method: 'DELETE',
    path: '/v1/knowledge/entries/:id',
    needs: 'knowledge:write',
    tag,
    summary: 'Remove an entry',
    params: { id },
    answers: { 204: z.null() },
    async handle({ tx, actor, params }) {
      await removeEntry(tx, actor, params.id);
      return null;
    },
  }),
  endpoint({
    method: 'POST',
    path: '/v1/knowledge/entries/:id/resync',
    needs: 'knowledge:write',
    tag,
    summary: 'Index an entry anew',
    description: 'Such as after its embedding has failed. What is there already is kept.',
    params: { id },
    answers: { 202: entrySchema },
    handle: ({ tx, actor, params }) => resyncEntry(tx, actor, params.id),
  }),
];
