import type { TenantId } from '../../../platform/data/ids.ts';
import type { CallId, KnowledgeQuestionId } from '../../tenancy/ids/ids.ts';

/** A conversation in which a question was asked. */
export interface KnowledgeQuestionAskTable {
  tenantId: TenantId;
  questionId: KnowledgeQuestionId;
  /** The call or chat it was asked in. */
  conversation: string;
  callId: CallId | null;
  askedAt: Date;
  answered: boolean;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    knowledgeQuestionAsk: KnowledgeQuestionAskTable;
  }
}
