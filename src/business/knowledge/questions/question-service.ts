import { z } from 'zod';
import { cursorInstant, keyset, type Keyset, type KeysetColumn } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page } from '../../../platform/data/paging.ts';
import { Conflict } from '../../../platform/process/errors.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { KnowledgeQuestionId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { createEntry, type Entry } from '../sources/sources.ts';
import { questionTable } from './knowledge-question-table.ts';
import type { Question, QuestionAnswer, QuestionChanges, QuestionDetail, QuestionQuery } from './question.ts';
import { knowledgeQuestionEvents } from './question-events.ts';
import { listAsks } from './question-queries.ts';

const SHOWN_CONVERSATIONS = 20;

function ordering(first: KeysetColumn): Keyset {
  return keyset(first, { column: 'knowledgeQuestion.id' });
}

const orders: Readonly<Record<QuestionQuery['order'], Keyset>> = {
  asked: ordering({ column: 'knowledgeQuestion.askedCount', codec: z.int() }),
  unanswered: ordering({ column: 'knowledgeQuestion.unansweredCount', codec: z.int() }),
  latest: ordering({ column: 'knowledgeQuestion.lastAskedAt', codec: cursorInstant }),
};

/** The most asked, the most often unanswered, or the latest first. */
export function listQuestions(
  tx: Tx,
  { order, status, unanswered, ...page }: QuestionQuery,
): Promise<Page<Question>> {
  const unansweredCount = unanswered === undefined ? undefined : unanswered ? { from: 1 } : 0;
  const query = tx
    .selectFrom('knowledgeQuestion')
    .select(questionTable.columns)
    .where(matching('knowledgeQuestion', { tenantId: tx.tenantId, status, unansweredCount }));
  return orders[order].page(query, { ...page, direction: 'desc' });
}

export async function getQuestion(tx: Tx, id: KnowledgeQuestionId): Promise<QuestionDetail> {
  const question = await questionTable.get(tx, id);
  return { ...question, conversations: await listAsks(tx, id, SHOWN_CONVERSATIONS) };
}

/** Writes the answer down as an entry; from then on the agent finds it. */
export async function answerQuestion(
  tx: Tx,
  actor: TenantActor,
  id: KnowledgeQuestionId,
  { answer, now }: { readonly answer: QuestionAnswer; readonly now: Date },
): Promise<Entry> {
  const question = await questionTable.lock(tx, id);
  if (question.status === 'answered') {
    throw new Conflict('This question has its answer already; change the entry instead.', {
      code: 'question-answered',
    });
  }
  const { title = question.question.slice(0, 200), language = question.language, text } = answer;
  const entry = await createEntry(tx, actor, { title, language, text });
  const values = { status: 'answered', entryId: entry.id, settledAt: now } as const;
  const after = await questionTable.update(tx, id, values);
  await happened(tx, actor, knowledgeQuestionEvents.answered({ subject: id, after }));
  return entry;
}

/** Dismisses a question that needs no answer, or opens it again. */
export async function changeQuestion(
  tx: Tx,
  actor: TenantActor,
  id: KnowledgeQuestionId,
  { changes: { status }, now }: { readonly changes: QuestionChanges; readonly now: Date },
): Promise<Question> {
  const before = await questionTable.lock(tx, id);
  const after = await questionTable.update(tx, id, { status, settledAt: status === 'open' ? null : now });
  await happened(tx, actor, knowledgeQuestionEvents.changed({ subject: id, before, after }));
  return after;
}
