/** The door of questions: what callers ask, counted, and answered by entries. */
export { questionEndpoints } from './question-endpoints.ts';
export { knowledgeQuestionEvents } from './question-events.ts';
export { type Asker, recordQuestion } from './record-question.ts';
