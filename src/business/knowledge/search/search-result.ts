import { z } from 'zod';
import type { Passage } from './knowledge-search.ts';

export const searchQuery = z.object({
  q: z.string().trim().min(1).max(300).describe('The question, in plain words.'),
  limit: z.coerce.number().int().min(1).max(20).default(5),
});

export const searchResultSchema = z
  .object({
    mode: z
      .enum(['hybrid', 'text'])
      .describe('`text`: by words alone, because meanings could not be compared just now.'),
    answered: z.boolean().describe('Whether the answer is probably among them; the agent goes by this too.'),
    data: z.array(
      z.object({
        source: z.object({ type: z.enum(['entry', 'file']), id: z.string(), title: z.string() }),
        headingPath: z.string(),
        text: z.string(),
        page: z.int().nullable(),
        score: z.number().describe('Only good to be compared within this answer.'),
        coverage: z
          .number()
          .nullable()
          .describe('How much of what was asked stands here by its words, 0 to 1.'),
        similarity: z.number().nullable().describe('How near its meaning is (cosine).'),
      }),
    ),
  })
  .meta({
    id: 'KnowledgeSearchResult',
    examples: [
      {
        mode: 'hybrid',
        answered: true,
        data: [
          {
            source: {
              type: 'entry',
              id: 'ken_01k0c8m4vqe9x8c4v5h0r3t6ya',
              title: 'Do you rent out bicycles?',
            },
            headingPath: 'Do you rent out bicycles?',
            text: 'Yes. City bicycles are 18 dollars a day.',
            page: null,
            score: 0.0328,
            coverage: 0.92,
            similarity: 0.71,
          },
        ],
      },
    ],
  });

export function toFound(passage: Passage): z.output<typeof searchResultSchema>['data'][number] {
  const { headingPath, page, score, coverage, similarity } = passage;
  const source = { type: passage.kind, id: passage.sourceId, title: passage.title };
  return { source, headingPath, text: passage.body, page, score, coverage, similarity };
}
