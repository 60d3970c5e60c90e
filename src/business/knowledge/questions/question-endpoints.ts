import { endpoint, pathId } from '../../tenancy/access/access.ts';
import { entrySchema } from '../sources/sources.ts';
import {
  questionAnswerSchema,
  questionChangesSchema,
  questionDetailSchema,
  questionPageSchema,
  questionQuery,
  questionSchema,
} from './question.ts';
import { answerQuestion, changeQuestion, getQuestion, listQuestions } from './question-service.ts';

const tag = 'Knowledge';
const id = pathId('kqu', 'question');

export const questionEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/knowledge/questions',
    needs: 'knowledge:read',
    tag,
    summary: 'List what callers ask',
    description: 'Counted once for each call or chat in which the agent looked for the answer.',
    query: questionQuery,
    answers: { 200: questionPageSchema },
    handle: ({ tx, query }) => listQuestions(tx, query),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/knowledge/questions/:id',
    needs: 'knowledge:read',
    tag,
    summary: 'Read a question, and in which calls it was asked',
    params: { id },
    answers: { 200: questionDetailSchema },
    handle: ({ tx, params }) => getQuestion(tx, params.id),
  }),
  endpoint({
    method: 'POST',
    path: '/v1/knowledge/questions/:id/answer',
    needs: 'knowledge:write',
    idempotent: true,
    tag,
    summary: 'Answer a question by writing an entry',
    description: 'If callers ask it again and still nothing fitting is found, it is open again.',
    params: { id },
    body: questionAnswerSchema,
    answers: { 201: entrySchema },
    handle: ({ tx, actor, params, body, now }) => answerQuestion(tx, actor, params.id, { answer: body, now }),
  }),
  endpoint({
    method: 'PATCH',
    path: '/v1/knowledge/questions/:id',
    needs: 'knowledge:write',
    tag,
    summary: 'Put a question aside, or take it up again',
    params: { id },
    body: questionChangesSchema,
    answers: { 200: questionSchema },
    handle: ({ tx, actor, params, body, now }) =>
      changeQuestion(tx, actor, params.id, { changes: body, now }),
  }),
];
