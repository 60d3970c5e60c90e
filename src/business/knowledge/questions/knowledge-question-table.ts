import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { KnowledgeEntryId, KnowledgeQuestionId } from '../../tenancy/references/ids.ts';

export type QuestionStatus = 'open' | 'answered' | 'dismissed';

/** What callers ask, counted once per conversation. */
export interface KnowledgeQuestionTable {
  tenantId: TenantId;
  id: KnowledgeQuestionId;
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
