import { z } from 'zod';
import { parseId } from '../../../platform/data/ids.ts';
import { pageOf } from '../../../platform/data/paging.ts';
import { idOf } from '../../../platform/http/rest-ids.ts';
import type { SourceRow } from '../knowledge-source-table.ts';
import { languageSchema, sourceShape, textSchema, toSourceFields } from './source.ts';

/* An entry as it is answered and put on record: an answer or a text that a person has written down. */

export const entrySchema = z
  .object({ id: idOf('ken'), title: z.string(), text: z.string(), ...sourceShape })
  .meta({
    id: 'KnowledgeEntry',
    examples: [
      {
        id: 'ken_01k0c8m4vqe9x8c4v5h0r3t6ya',
        title: 'Do you rent out bicycles?',
        text: 'Yes. City bicycles are 18 dollars a day.',
        language: 'en',
        status: 'ready',
        failure: null,
        progress: { passages: 1, embedded: 1 },
        createdAt: '2026-11-21T09:00:00.000Z',
        updatedAt: '2026-11-21T09:00:01.000Z',
      },
    ],
  });

export type Entry = z.output<typeof entrySchema> & { readonly version: number };

/** The row of an entry. The table holds both kinds of sources, and its checks keep what belongs to which. */
export function toEntry(row: SourceRow): Entry {
  const { id, title, body, version } = row;
  return { id: parseId('ken', id)!, title, text: body!, version, ...toSourceFields(row) };
}

export const entryPageSchema = pageOf(entrySchema).meta({ id: 'KnowledgeEntryPage' });

const title = textSchema(200);
const text = textSchema(20_000);

export const newEntrySchema = z
  .object({
    title: title.describe('The question it answers, as a caller would ask it, or a heading.'),
    text: text.describe('The answer, in words that can be said.'),
    language: languageSchema.default('en'),
  })
  .meta({
    id: 'NewKnowledgeEntry',
    examples: [
      {
        title: 'Do you rent out bicycles?',
        text: 'Yes. City bicycles are 18 dollars a day, and a deposit of 100 dollars is returned with the bicycle.',
        language: 'en',
      },
    ],
  });

export type NewEntry = z.output<typeof newEntrySchema>;

export const entryChangesSchema = z
  .object({ title, text, language: languageSchema })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, 'must name at least one field')
  .meta({ id: 'KnowledgeEntryChanges', examples: [{ text: 'Yes, from May to October.' }] });

export type EntryChanges = z.output<typeof entryChangesSchema>;
