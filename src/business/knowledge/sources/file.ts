import { z } from 'zod';
import { parseId } from '../../../platform/data/ids.ts';
import { pageOf } from '../../../platform/data/paging.ts';
import { idOf } from '../../../platform/http/rest-ids.ts';
import { mediaTypes, type SourceRow } from '../knowledge-source-table.ts';
import { sourceShape, toSourceFields } from './source.ts';

/* A file as it is answered and put on record. */

export const fileSchema = z
  .object({
    id: idOf('kfl'),
    name: z.string(),
    mediaType: z.enum(mediaTypes).describe('By its content, whatever its name says.'),
    sizeBytes: z.int(),
    pages: z.int().nullable().describe('Of a PDF, once it is read.'),
    ...sourceShape,
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

/** It has no version, because people edit nothing of a file. */
export type KnowledgeFile = z.output<typeof fileSchema>;

/** The row of a file. The table holds both kinds of sources, and its checks keep what belongs to which. */
export function toFile(row: SourceRow): KnowledgeFile {
  const { id, title: name, mediaType, sizeBytes, pageCount: pages } = row;
  const own = { id: parseId('kfl', id)!, name, mediaType: mediaType!, sizeBytes: sizeBytes!, pages };
  return { ...own, ...toSourceFields(row) };
}

export const filePageSchema = pageOf(fileSchema).meta({ id: 'KnowledgeFilePage' });

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

export type UploadOutcome = z.output<typeof uploadSchema>['data'][number];

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

export type StoredPassage = z.output<typeof passageSchema>;

export const passagePageSchema = pageOf(passageSchema).meta({ id: 'KnowledgePassagePage' });
