import { z } from 'zod';
import type { QuestionStatus } from './knowledge-question-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import { Conflict, NotFound } from '../../../platform/process/errors.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { CallId, KnowledgeEntryId, KnowledgeQuestionId } from '../../tenancy/references/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import type { TenantActor } from '../../tenancy/access/actor.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import { createEntry, type NewEntry } from '../sources/sources.ts';
import * as queries from './question-queries.ts';
import { textConfiguration } from '../indexing/indexing.ts';
import type { Entry } from '../sources/source.ts';

/** Who asked, and where. */
export interface Asker {
  readonly tenantId: TenantId;
  /** BCP 47. */
  readonly language: string;
  /** The call or chat: one that asks twice has asked once. */
  readonly conversation: string;
  readonly callId: CallId | undefined;
  readonly askedAt: Date;
}

export interface Question {
  readonly id: KnowledgeQuestionId;
  /** In the words of whoever asked it last. */
  readonly question: string;
  readonly language: string;
  /** Conversations in which it was asked, and those in which nothing was found. */
  readonly askedCount: number;
  readonly unansweredCount: number;
  readonly status: QuestionStatus;
  /** Its answer. */
  readonly entryId: KnowledgeEntryId | null;
  readonly firstAskedAt: Date;
  readonly lastAskedAt: Date;
}

export interface QuestionDetail extends Question {
  readonly conversations: readonly {
    readonly conversation: string;
    readonly callId: CallId | null;
    readonly askedAt: Date;
    readonly answered: boolean;
  }[];
}

/** Longer is not a question any more. */
const MAX_QUESTION_CHARACTERS = 300;
const SHOWN_CONVERSATIONS = 20;

/** Counts a question, without what says who asked it. An answered one that finds nothing again is open again. */
export function recordQuestion(
  db: Db,
  asked: Asker & { readonly question: string; readonly isAnswered: boolean },
): Promise<void> {
  const { tenantId, conversation, callId, askedAt, isAnswered } = asked;
  const question = withoutPersonalData(asked.question);
  const [language = ''] = asked.language.toLowerCase().split('-');
  const configuration = textConfiguration(language);
  return inTenant(db, tenantId, async (transaction) => {
    const row = await queries.upsertQuestion(transaction, tenantId, {
      id: newId('kqu'),
      question,
      language,
      configuration,
      askedAt,
    });
    const place = { questionId: row.id, conversation };
    const earlier = await queries.findAsk(transaction, tenantId, place);
    // Answered once in a conversation is answered, however often it is asked in other words.
    const answered = isAnswered || earlier?.answered === true;
    await queries.upsertAsk(transaction, tenantId, { ...place, callId: callId ?? null, askedAt, answered });
    const reopens = !answered && row.status === 'answered';
    await queries.updateQuestion(transaction, tenantId, row.id, {
      asked: earlier === undefined ? 1 : 0,
      unanswered: Number(!answered) - Number(earlier?.answered === false),
      ...(reopens ? { status: 'open', settledAt: null } : {}),
    });
  });
}

/** Numbers that could be somebody's, and addresses; names cannot be told from other words. */
export function withoutPersonalData(question: string): string {
  return question
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/[^\s@]+@[^\s@]+\.[^\s@]+/g, '…')
    .replaceAll(/\+?\p{Nd}(?:[\s().-]{0,2}\p{Nd}){3,}/gu, '…')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_QUESTION_CHARACTERS)
    .toWellFormed();
}

export interface QuestionQuery extends PageRequest {
  readonly order: queries.QuestionOrder;
  readonly status?: QuestionStatus | undefined;
  readonly unanswered?: boolean | undefined;
}

export function listQuestions<View>(
  db: Db,
  actor: TenantActor,
  query: QuestionQuery,
  present: (question: Question) => View,
): Promise<Page<View>> {
  const { tenantId } = actor;
  const { order, status, unanswered: isUnanswered, limit, cursor } = query;
  const value = order === 'latest' ? z.iso.datetime() : z.int();
  const after = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([value, z.string()]));
  return inTenant(db, tenantId, async (transaction) => {
    const filter = { order, status, isUnanswered, after, limit: limit + 1 };
    const rows = await queries.listQuestions(transaction, tenantId, filter);
    return toPage(rows, limit, (row) => [placeOf(row, order), row.id], present);
  });
}

function placeOf(row: Question, order: queries.QuestionOrder): string | number {
  const place = row[queries.questionOrders[order]];
  return place instanceof Date ? place.toISOString() : place;
}

export function getQuestion(
  db: Db,
  actor: TenantActor,
  questionId: KnowledgeQuestionId,
): Promise<QuestionDetail> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const question = existing(await queries.findQuestion(transaction, tenantId, questionId));
    const conversations = await queries.listAsks(transaction, tenantId, questionId, SHOWN_CONVERSATIONS);
    return { ...question, conversations };
  });
}

/** Writes its answer down as an entry; from then on the agent knows it. */
export function answerQuestion(
  db: Db,
  actor: TenantActor,
  questionId: KnowledgeQuestionId,
  answer: Partial<NewEntry> & Pick<NewEntry, 'text'>,
): Promise<Entry> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const question = existing(await queries.lockQuestion(transaction, tenantId, questionId));
    if (question.status === 'answered') {
      throw new Conflict('This question has its answer already; change the entry instead.', {
        code: 'question-answered',
      });
    }
    const { title = question.question.slice(0, 200), language = question.language, text } = answer;
    const entry = await createEntry(transaction, actor, { title, language, text });
    const settledAt = new Date();
    await queries.updateQuestion(transaction, tenantId, questionId, {
      status: 'answered',
      entryId: entry.id,
      settledAt,
    });
    return entry;
  });
}

/** Puts a question aside that needs no answer, or takes it up again. */
export function setQuestionStatus(
  db: Db,
  actor: TenantActor,
  questionId: KnowledgeQuestionId,
  status: 'open' | 'dismissed',
): Promise<Question> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const before = existing(await queries.lockQuestion(transaction, tenantId, questionId));
    const settledAt = status === 'open' ? null : new Date();
    const after = await queries.updateQuestion(transaction, tenantId, questionId, { status, settledAt });
    await recordChange(transaction, actor, {
      action: 'knowledge-question.changed',
      resource: 'knowledge-question',
      resourceId: questionId,
      before: { status: before.status },
      after: { status: after.status },
    });
    return after;
  });
}

function existing<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new NotFound('There is no such question.');
  return row;
}
