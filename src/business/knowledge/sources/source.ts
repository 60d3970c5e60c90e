import { z } from 'zod';
import { parseId } from '../../../platform/data/ids.ts';
import type { KnowledgeEntryId, KnowledgeFileId } from '../../tenancy/ids/ids.ts';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { type SourceRow, sourceStatuses } from '../knowledge-source-table.ts';

export const timestamp = z.iso.datetime({ precision: 3 }).describe('RFC 3339, UTC.');

const statusSchema = z
  .enum(sourceStatuses)
  .describe(
    'From `embedding` on it is found by its words, and once `ready` by its meaning too. `failed` says why in `failure`.',
  );
const progress = z
  .object({ passages: z.int(), embedded: z.int() })
  .describe('Passages it was cut into, and how many of them can be found by their meaning.');
export const languageSchema = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as en or pt-BR')
  .describe('BCP 47. Words are looked for in the forms they have in this language.');

/** A text; without the characters PostgreSQL has no place for. */
export const textSchema = (maxCharacters: number) =>
  z
    .string()
    .transform((value) => value.replaceAll('\u0000', '').toWellFormed().trim())
    .pipe(z.string().min(1).max(maxCharacters));

export const newEntrySchema = z
  .object({
    title: textSchema(200).describe('The question it answers, as a caller would ask it, or a heading.'),
    text: textSchema(20_000).describe('The answer, in words that can be said.'),
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

export const entryChangesSchema = z
  .object({ title: textSchema(200), text: textSchema(20_000), language: languageSchema })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, 'must name at least one field')
  .meta({ id: 'KnowledgeEntryChanges', examples: [{ text: 'Yes, from May to October.' }] });

export const entrySchema = z
  .object({
    id: z.string(),
    title: z.string(),
    text: z.string(),
    language: z.string(),
    status: statusSchema,
    failure: z.string().nullable(),
    progress,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
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

export const fileSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    mediaType: z.string().describe('By its content, whatever its name says.'),
    sizeBytes: z.int(),
    pages: z.int().nullable().describe('Of a PDF, once it is read.'),
    language: z.string(),
    status: statusSchema,
    failure: z.string().nullable(),
    progress,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({
    id: 'KnowledgeFile',
    examples: [
      {
        id: 'kfl_01k0c8m4vqe9x8c4v5h0r3t6yb',
        name: 'warranty-terms.pdf',
        mediaType: 'application/pdf',
        sizeBytes: 48_213,
        pages: 6,
        language: 'en',
        status: 'ready',
        failure: null,
        progress: { passages: 14, embedded: 14 },
        createdAt: '2026-11-21T09:00:00.000Z',
        updatedAt: '2026-11-21T09:00:03.000Z',
      },
    ],
  });

export const uploadSchema = z
  .object({
    data: z.array(
      z.discriminatedUnion('outcome', [
        z.object({ outcome: z.literal('accepted'), name: z.string(), file: fileSchema }),
        z
          .object({ outcome: z.literal('known'), name: z.string(), file: fileSchema })
          .describe('A file with this very content is there already.'),
        z.object({ outcome: z.literal('refused'), name: z.string(), reason: z.string() }),
      ]),
    ),
  })
  .meta({
    id: 'KnowledgeUpload',
    examples: [
      {
        data: [
          {
            outcome: 'refused',
            name: 'prices.xls',
            reason: 'This is an old Office file; save it as .docx or PDF and upload that.',
          },
        ],
      },
    ],
  });

export const sourceListQuery = z.object({ ...pageQuery.shape, status: z.enum(sourceStatuses).optional() });
export const entryPageSchema = pageOf(entrySchema).meta({ id: 'KnowledgeEntryPage' });
export const filePageSchema = pageOf(fileSchema).meta({ id: 'KnowledgeFilePage' });

export const passageSchema = z
  .object({
    position: z.int(),
    headingPath: z.string().describe('The headings it stands under: "Delivery > Costs".'),
    text: z.string(),
    page: z.int().nullable(),
  })
  .meta({
    id: 'KnowledgePassage',
    examples: [{ position: 0, headingPath: 'Warranty', text: 'Two years on every frame.', page: 1 }],
  });
export const passagePageSchema = pageOf(passageSchema).meta({ id: 'KnowledgePassagePage' });

interface Source extends Pick<
  SourceRow,
  | 'language'
  | 'status'
  | 'failure'
  | 'contentVersion'
  | 'chunkCount'
  | 'embeddedCount'
  | 'createdAt'
  | 'updatedAt'
> {}

export interface Entry extends Source {
  readonly id: KnowledgeEntryId;
  readonly title: string;
  readonly text: string;
}

export interface KnowledgeFile extends Source {
  readonly id: KnowledgeFileId;
  readonly name: string;
  readonly mediaType: NonNullable<SourceRow['mediaType']>;
  readonly sizeBytes: number;
  readonly pageCount: number | null;
  readonly storageKey: string;
}

/** The row of an entry; the table holds both kinds, and its checks what belongs to which. */
export function entryOf(row: SourceRow): Entry {
  const { title, body } = row;
  return { ...shared(row), id: parseId('ken', row.id)!, title, text: body ?? '' };
}

export function fileOf(row: SourceRow): KnowledgeFile {
  const { title, mediaType, sizeBytes, pageCount, storageKey } = row;
  return {
    ...shared(row),
    id: parseId('kfl', row.id)!,
    name: title,
    mediaType: mediaType!,
    sizeBytes: sizeBytes!,
    pageCount,
    storageKey: storageKey!,
  };
}

function shared(row: SourceRow): Source {
  const { language, status, failure, contentVersion, chunkCount, embeddedCount, createdAt, updatedAt } = row;
  return { language, status, failure, contentVersion, chunkCount, embeddedCount, createdAt, updatedAt };
}

export type EntryView = z.infer<typeof entrySchema>;
export type FileView = z.infer<typeof fileSchema>;

export function presentEntry(entry: Entry): EntryView {
  const { id, title, text, language } = entry;
  return { id, title, text, language, ...presentShared(entry) };
}

export function presentFile(file: KnowledgeFile): FileView {
  const { id, name, mediaType, sizeBytes, pageCount: pages, language } = file;
  return { id, name, mediaType, sizeBytes, pages, language, ...presentShared(file) };
}

function presentShared({ status, failure, chunkCount, embeddedCount, createdAt, updatedAt }: Source) {
  return {
    status,
    failure,
    progress: { passages: chunkCount, embedded: embeddedCount },
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
