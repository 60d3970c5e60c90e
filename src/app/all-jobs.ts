import {
  deleteExpiredRecordingsJob,
  finishCallJob,
  type PriceTable,
} from '../business/record/calls/calls.ts';
import { type KnowledgeJobsDependencies, knowledgeJobs } from '../business/knowledge/knowledge.ts';
import { listRecordingRetentions } from '../business/line/agents/agents.ts';
import {
  type NumberCarrier,
  type NumberWebhooks,
  settleNumbersJob,
} from '../business/line/numbers/numbers.ts';
import { deleteIdempotencyKeysJob } from '../business/tenancy/access/access.ts';
import { processEventJob } from '../business/tenancy/events/events.ts';
import type { Tenancy } from '../business/tenancy/tenancy.ts';
import { allEventTypes } from './events.ts';
import { allProcessors } from './processors.ts';
import { answerChatJob, type ChatParts, deliverChatMessageJob } from '../chat/chat.ts';
import type { JobDeclaration } from '../jobs/jobs.ts';

/** Dependencies of the jobs. */
export interface JobDependencies extends KnowledgeJobsDependencies {
  readonly tenancy: Tenancy;
  readonly prices: PriceTable;
  readonly carrier: NumberCarrier;
  readonly webhooks: NumberWebhooks;
  readonly chats: ChatParts;
}

/** Every job that a worker can run. A periodic one has a line in `schedule.ts` besides. */
export function allJobs(dependencies: JobDependencies): readonly JobDeclaration[] {
  const processing = { ...dependencies, eventTypes: allEventTypes, processors: allProcessors() };
  return [
    finishCallJob(dependencies),
    processEventJob(processing),
    ...knowledgeJobs(dependencies),
    settleNumbersJob(dependencies),
    deleteExpiredRecordingsJob({ ...dependencies, listRetentions: listRecordingRetentions }),
    deleteIdempotencyKeysJob(dependencies),
    answerChatJob(dependencies.chats),
    deliverChatMessageJob(dependencies.chats),
  ];
}
