import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idOf } from '../../../platform/http/rest-ids.ts';
import { instant, queryFlag } from '../../../platform/http/rest-values.ts';
import { languageSchema, textSchema } from '../sources/sources.ts';
import { questionStatuses } from './knowledge-question-table.ts';

/* What callers ask, as it is stored, answered and put on record. */

const status = z.enum(questionStatuses);

const example = {
  id: 'kqu_01k0c8m4vqe9x8c4v5h0r3t6yc',
  question: 'Do you rent out electric bicycles?',
  language: 'en',
  askedCount: 12,
  unansweredCount: 9,
  status: 'open',
  entryId: null,
  firstAskedAt: '2026-11-02T14:11:08.000Z',
  lastAskedAt: '2026-11-21T09:40:51.000Z',
};

const shape = {
  id: idOf('kqu'),
  question: z.string().describe('In the words of whoever asked it last, without numbers and addresses.'),
  language: z.string(),
  askedCount: z.int().describe('Calls and chats in which it was asked.'),
  unansweredCount: z.int().describe('Those of them in which nothing fitting was found.'),
  status,
  entryId: idOf('ken').nullable().describe('The entry that answers it.'),
  firstAskedAt: instant,
  lastAskedAt: instant,
};

export const questionSchema = z.object(shape).meta({ id: 'KnowledgeQuestion', examples: [example] });

export const questionDetailSchema = z
  .object({
    ...shape,
    conversations: z
      .array(
        z.object({
          callId: idOf('call').nullable().describe('Null when it was asked in a chat.'),
          askedAt: instant,
          answered: z.boolean(),
        }),
      )
      .describe('The latest twenty in which it was asked.'),
  })
  .meta({
    id: 'KnowledgeQuestionDetail',
    examples: [
      {
        ...example,
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

export type Question = z.output<typeof questionSchema>;
export type QuestionDetail = z.output<typeof questionDetailSchema>;

export const questionPageSchema = pageOf(questionSchema).meta({ id: 'KnowledgeQuestionPage' });

export const questionQuery = z.object({
  ...pageQuery.shape,
  order: z
    .enum(['asked', 'unanswered', 'latest'])
    .default('asked')
    .describe('Most asked, most often unanswered, or latest first.'),
  status: status.optional(),
  unanswered: queryFlag
    .optional()
    .describe('Only those to which the agent has found nothing, or only the others.'),
});

export type QuestionQuery = z.output<typeof questionQuery>;

export const questionAnswerSchema = z
  .object({
    text: textSchema(20_000).describe('The answer, in words that can be said.'),
    title: textSchema(200)
      .optional()
      .describe('The question as the entry shall have it; as it was asked, if left out.'),
    language: languageSchema.optional(),
  })
  .meta({ id: 'KnowledgeQuestionAnswer', examples: [{ text: 'No, we rent out city bicycles only.' }] });

export type QuestionAnswer = z.output<typeof questionAnswerSchema>;

export const questionChangesSchema = z
  .object({ status: status.exclude(['answered']) })
  .meta({ id: 'KnowledgeQuestionChanges', examples: [{ status: 'dismissed' }] });

export type QuestionChanges = z.output<typeof questionChangesSchema>;
