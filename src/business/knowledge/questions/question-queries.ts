import { sql } from 'kysely';
import type { QuestionStatus } from './knowledge-question-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { CallId, KnowledgeEntryId, KnowledgeQuestionId } from '../../tenancy/references/ids.ts';

const columns = [
  'id',
  'question',
  'language',
  'askedCount',
  'unansweredCount',
  'status',
  'entryId',
  'settledAt',
  'firstAskedAt',
  'lastAskedAt',
] as const;

export interface AskedQuestion {
  readonly id: KnowledgeQuestionId;
  readonly question: string;
  readonly language: string;
  readonly configuration: string;
  readonly askedAt: Date;
}

/**
 * The question among those asked before, or as a new one; held until the transaction ends. Two are the same when
 * the stems of their telling words are: "Do you open on Sundays?" and "are you open Sunday".
 */
export async function upsertQuestion(db: Db, tenantId: TenantId, asked: AskedQuestion) {
  const { id, question, language, configuration, askedAt } = asked;
  const stems = sql<string>`array_to_string(tsvector_to_array(to_tsvector(${configuration}::regconfig, ${question})), ' ')`;
  return db
    .insertInto('knowledgeQuestion')
    .values({
      tenantId,
      id,
      // A question of nothing but small words ("who are you") is told apart by them.
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
    .returning(columns)
    .executeTakeFirstOrThrow();
}

export function findAsk(
  db: Db,
  tenantId: TenantId,
  { questionId, conversation }: { readonly questionId: KnowledgeQuestionId; readonly conversation: string },
) {
  return db
    .selectFrom('knowledgeQuestionAsk')
    .select(['answered'])
    .where('tenantId', '=', tenantId)
    .where('questionId', '=', questionId)
    .where('conversation', '=', conversation)
    .executeTakeFirst();
}

export interface NewAsk {
  readonly questionId: KnowledgeQuestionId;
  readonly conversation: string;
  readonly callId: CallId | null;
  readonly askedAt: Date;
  readonly answered: boolean;
}

export function upsertAsk(db: Db, tenantId: TenantId, ask: NewAsk) {
  return db
    .insertInto('knowledgeQuestionAsk')
    .values({ tenantId, ...ask })
    .onConflict((conflict) =>
      conflict
        .columns(['tenantId', 'questionId', 'conversation'])
        .doUpdateSet({ askedAt: ask.askedAt, answered: ask.answered }),
    )
    .execute();
}

export interface QuestionChanges {
  readonly asked?: number;
  readonly unanswered?: number;
  readonly status?: QuestionStatus;
  readonly entryId?: KnowledgeEntryId | null;
  readonly settledAt?: Date | null;
}

/** Counts are given as what is added to them. */
export function updateQuestion(
  db: Db,
  tenantId: TenantId,
  questionId: KnowledgeQuestionId,
  { asked = 0, unanswered = 0, ...changes }: QuestionChanges,
) {
  return db
    .updateTable('knowledgeQuestion')
    .set((row) => ({
      ...changes,
      askedCount: row('askedCount', '+', asked),
      unansweredCount: row('unansweredCount', '+', unanswered),
    }))
    .where('tenantId', '=', tenantId)
    .where('id', '=', questionId)
    .returning(columns)
    .executeTakeFirstOrThrow();
}

export function lockQuestion(db: Db, tenantId: TenantId, questionId: KnowledgeQuestionId) {
  return db
    .selectFrom('knowledgeQuestion')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', questionId)
    .forUpdate()
    .executeTakeFirst();
}

export function findQuestion(db: Db, tenantId: TenantId, questionId: KnowledgeQuestionId) {
  return db
    .selectFrom('knowledgeQuestion')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', questionId)
    .executeTakeFirst();
}

export const questionOrders = {
  asked: 'askedCount',
  unanswered: 'unansweredCount',
  latest: 'lastAskedAt',
} as const;
export type QuestionOrder = keyof typeof questionOrders;

export interface QuestionFilter {
  readonly order: QuestionOrder;
  readonly status?: QuestionStatus | undefined;
  readonly isUnanswered?: boolean | undefined;
  /** The last one shown: the value it is ordered by, and its id. */
  readonly after?: readonly [string | number, string] | undefined;
  readonly limit: number;
}

/** Most asked, least answered or latest first. */
export function listQuestions(db: Db, tenantId: TenantId, filter: QuestionFilter) {
  const { order, status, isUnanswered, after, limit } = filter;
  const column = questionOrders[order];
  const place = sql.ref(
    column === 'askedCount' ? 'asked_count' : column === 'lastAskedAt' ? 'last_asked_at' : 'unanswered_count',
  );
  const type = sql.raw(order === 'latest' ? 'timestamptz' : 'integer');
  return db
    .selectFrom('knowledgeQuestion')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .$if(status !== undefined, (query) => query.where('status', '=', status!))
    .$if(isUnanswered === true, (query) => query.where('unansweredCount', '>', 0))
    .$if(isUnanswered === false, (query) => query.where('unansweredCount', '=', 0))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(${place}, id) < (${after?.[0]}::${type}, ${after?.[1]})`),
    )
    .orderBy(column, 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Latest first. */
export function listAsks(db: Db, tenantId: TenantId, questionId: KnowledgeQuestionId, limit: number) {
  return db
    .selectFrom('knowledgeQuestionAsk')
    .select(['conversation', 'callId', 'askedAt', 'answered'])
    .where('tenantId', '=', tenantId)
    .where('questionId', '=', questionId)
    .orderBy('askedAt', 'desc')
    .limit(limit)
    .execute();
}
