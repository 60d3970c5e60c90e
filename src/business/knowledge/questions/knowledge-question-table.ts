import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { KnowledgeEntryId, KnowledgeQuestionId } from '../../tenancy/ids/ids.ts';

export const questionStatuses = ['open', 'answered', 'dismissed'] as const;
export type QuestionStatus = (typeof questionStatuses)[number];

/** A question that callers ask, counted once per conversation. */
export interface KnowledgeQuestionTable {
  tenantId: TenantId;
  id: KnowledgeQuestionId;
  /** The stems of its telling words: two questions with the same key are one. */
  key: string;
  question: string;
  language: string;
  askedCount: Generated<number>;
  unansweredCount: Generated<number>;
  status: Generated<QuestionStatus>;
  entryId: KnowledgeEntryId | null;
  settledAt: Date | null;
  firstAskedAt: Date;
  lastAskedAt: Date;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    knowledgeQuestion: KnowledgeQuestionTable;
  }
}

export const questionTable = tenantTable('knowledgeQuestion', {
  what: 'question',
  columns: [
    'id',
    'question',
    'language',
    'askedCount',
    'unansweredCount',
    'status',
    'entryId',
    'firstAskedAt',
    'lastAskedAt',
  ],
});
