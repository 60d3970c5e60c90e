import type { CallId, KnowledgeQuestionId, TenantId } from '../../src/platform/ids.ts';

export interface KnowledgeQuestionAskTable {
  tenantId: TenantId;
  questionId: KnowledgeQuestionId;
  /** The call or chat it was asked in. */
  conversation: string;
  callId: CallId | null;
  askedAt: Date;
  answered: boolean;
}
