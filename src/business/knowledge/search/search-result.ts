import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import type { Question, QuestionDetail } from '../questions/question-service.ts';
import { languageSchema, textSchema, timestamp } from '../sources/source.ts';
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

export function presentPassage(passage: Passage): z.infer<typeof searchResultSchema>['data'][number] {
  const { headingPath, page, score, coverage, similarity } = passage;
  const source = { type: passage.kind, id: passage.sourceId, title: passage.title };
  return { source, headingPath, text: passage.body, page, score, coverage, similarity };
}

const questionFields = {
  id: z.string(),
  question: z.string().describe('In the words of whoever asked it last, without numbers and addresses.'),
  language: z.string(),
  askedCount: z.int().describe('Calls and chats in which it was asked.'),
  unansweredCount: z.int().describe('Those of them in which nothing fitting was found.'),
  status: z.enum(['open', 'answered', 'dismissed']),
  entryId: z.string().nullable().describe('The entry that answers it.'),
  firstAskedAt: timestamp,
  lastAskedAt: timestamp,
};

const questionExample = {
  id: 'kqu_01k0c8m4vqe9x8c4v5h0r3t6yc',
  question: 'Do you rent out electric bicycles?',
  language: 'en',
  askedCount: 12,
  unansweredCount: 9,
  status: 'open' as const,
  entryId: null,
  firstAskedAt: '2026-11-02T14:11:08.000Z',
  lastAskedAt: '2026-11-21T09:40:51.000Z',
};

export const questionSchema = z
  .object(questionFields)
  .meta({ id: 'KnowledgeQuestion', examples: [questionExample] });

export const questionDetailSchema = z
  .object({
    ...questionFields,
    conversations: z
      .array(
        z.object({
          callId: z.string().nullable().describe('Null when it was asked in a chat.'),
          askedAt: timestamp,
          answered: z.boolean(),
        }),
      )
      .describe('The latest twenty in which it was asked.'),
  })
  .meta({
    id: 'KnowledgeQuestionDetail',
    examples: [
      {
        ...questionExample,
        conversations: [
          {
            callId: 'call_01k0c8m4vqe9x8c4v5h0r3t6yd',
            askedAt: '2026-11-21T09:40:51.000Z',
            answered: false,
          },
        ],
      },
    ],
  });

export const questionPageSchema = pageOf(questionSchema).meta({ id: 'KnowledgeQuestionPage' });

export const questionQuery = z.object({
  ...pageQuery.shape,
  order: z
    .enum(['asked', 'unanswered', 'latest'])
    .default('asked')
    .describe('Most asked, most often unanswered, or latest first.'),
  status: z.enum(['open', 'answered', 'dismissed']).optional(),
  unanswered: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .describe('Only those to which the agent has found nothing, or only the others.'),
});

export const questionAnswerSchema = z
  .object({
    text: textSchema(20_000).describe('The answer, in words that can be said.'),
    title: textSchema(200)
      .optional()
      .describe('The question as the entry shall have it; as it was asked, if left out.'),
    language: languageSchema.optional(),
  })
  .meta({ id: 'KnowledgeQuestionAnswer', examples: [{ text: 'No, we rent out city bicycles only.' }] });

export const questionChangesSchema = z
  .object({ status: z.enum(['open', 'dismissed']) })
  .meta({ id: 'KnowledgeQuestionChanges', examples: [{ status: 'dismissed' }] });

export function presentQuestion(asked: Question): z.infer<typeof questionSchema> {
  const { id, question, language, askedCount, unansweredCount, status, entryId } = asked;
  const firstAskedAt = asked.firstAskedAt.toISOString();
  const lastAskedAt = asked.lastAskedAt.toISOString();
  const counts = { askedCount, unansweredCount, firstAskedAt, lastAskedAt };
  return { id, question, language, status, entryId, ...counts };
}

export function presentQuestionDetail(question: QuestionDetail): z.infer<typeof questionDetailSchema> {
  const conversations = question.conversations.map(({ callId, askedAt, answered }) => ({
    callId,
    askedAt: askedAt.toISOString(),
    answered,
  }));
  return { ...presentQuestion(question), conversations };
}
