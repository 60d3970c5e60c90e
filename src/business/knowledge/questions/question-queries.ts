import { sql } from 'kysely';
import { matching } from '../../../platform/data/matching.ts';
import type { CallId, KnowledgeQuestionId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { Question } from './question.ts';
import { questionTable } from './knowledge-question-table.ts';

export interface QuestionText {
  readonly id: KnowledgeQuestionId;
  readonly question: string;
  readonly language: string;
  /** PostgreSQL's text search configuration of that language. */
  readonly configuration: string;
  readonly askedAt: Date;
}

/**
 * Finds the question among those asked before, or inserts it; it is locked until the transaction ends. Two are the same
 * when the stems of their telling words are: "Do you open on Sundays?" and "are you open Sunday".
 */
export function upsertQuestion(tx: Tx, asked: QuestionText): Promise<Question> {
  const { id, question, language, configuration, askedAt } = asked;
  const stems = sql<string>`array_to_string(tsvector_to_array(to_tsvector(${configuration}::regconfig, ${question})), ' ')`;
  return tx
    .insertInto('knowledgeQuestion')
    .values({
      tenantId: tx.tenantId,
      id,
      // A question of stop words alone ("who are you") has no stems, and is its own key.
      key: sql<string>`left(coalesce(nullif(${stems}, ''), lower(${question})), 500)`,
      question,
      language,
      firstAskedAt: askedAt,
      lastAskedAt: askedAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenantId', 'language', 'key']).doUpdateSet((row) => ({
        question: row.ref('excluded.question'),
        lastAskedAt: sql<Date>`greatest(knowledge_question.last_asked_at, excluded.last_asked_at)`,
      })),
    )
    .returning(questionTable.columns)
    .executeTakeFirstOrThrow();
}

/** A question in one conversation. */
interface Place {
  readonly questionId: KnowledgeQuestionId;
  readonly conversation: string;
}

export function findAsk(tx: Tx, place: Place) {
  return tx
    .selectFrom('knowledgeQuestionAsk')
    .select('answered')
    .where(matching('knowledgeQuestionAsk', { tenantId: tx.tenantId, ...place }))
    .executeTakeFirst();
}

export interface NewAsk extends Place {
  readonly callId: CallId | null;
  readonly askedAt: Date;
  readonly answered: boolean;
}

export async function upsertAsk(tx: Tx, ask: NewAsk): Promise<void> {
  await tx
    .insertInto('knowledgeQuestionAsk')
    .values({ tenantId: tx.tenantId, ...ask })
    .onConflict((conflict) =>
      conflict
        .columns(['tenantId', 'questionId', 'conversation'])
        .doUpdateSet({ askedAt: ask.askedAt, answered: ask.answered }),
    )
    .execute();
}

/** Adds to the counts of a question; `reopens` one that was answered. */
export async function countAsk(
  tx: Tx,
  id: KnowledgeQuestionId,
  added: { readonly asked: number; readonly unanswered: number; readonly reopens: boolean },
): Promise<void> {
  await tx
    .updateTable('knowledgeQuestion')
    .set((row) => ({
      askedCount: row('askedCount', '+', added.asked),
      unansweredCount: row('unansweredCount', '+', added.unanswered),
      ...(added.reopens ? { status: 'open', settledAt: null } : {}),
    }))
    .where(matching('knowledgeQuestion', { tenantId: tx.tenantId, id }))
    .execute();
}

/** The latest conversations in which it was asked. */
export function listAsks(tx: Tx, questionId: KnowledgeQuestionId, limit: number) {
  return tx
    .selectFrom('knowledgeQuestionAsk')
    .select(['callId', 'askedAt', 'answered'])
    .where(matching('knowledgeQuestionAsk', { tenantId: tx.tenantId, questionId }))
    .orderBy('askedAt', 'desc')
    .limit(limit)
    .execute();
}
