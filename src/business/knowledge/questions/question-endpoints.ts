import { pathId, restResource } from '../../tenancy/access/access.ts';
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

const questions = restResource({
  path: '/v1/knowledge/questions',
  id: pathId('kqu', 'question'),
  tag: 'Knowledge',
  permission: 'knowledge',
  row: questionSchema,
});

export const questionEndpoints = [
  questions.list('List what callers ask', {
    description: 'Counted once for each call or chat in which the agent looked for the answer.',
    query: questionQuery,
    page: questionPageSchema,
    handle: listQuestions,
  }),
  questions.read('Read a question, and in which calls it was asked', {
    answers: { 200: questionDetailSchema },
    handle: getQuestion,
  }),
  questions.action('answer', 'Answer a question by writing an entry', {
    idempotent: true,
    description: 'If callers ask it again and still nothing fitting is found, it is open again.',
    body: questionAnswerSchema,
    answers: { 201: entrySchema },
    handle: (tx, actor, id, { body, now }) => answerQuestion(tx, actor, id, { answer: body, now }),
  }),
  questions.change('Put a question aside, or take it up again', {
    body: questionChangesSchema,
    handle: changeQuestion,
  }),
];
