import {
  deleteExpiredRecordingsJob,
  finishCallJob,
  type PriceTable,
} from '../business/record/calls/calls.ts';
import { knowledgeJobs } from '../business/knowledge/knowledge.ts';
import { listRecordingRetentions } from '../business/line/agents/agents.ts';
import { settleNumbersJob } from '../business/line/numbers/numbers.ts';
import { deleteIdempotencyKeysJob } from '../business/tenancy/access/access.ts';
import { processEventJob } from '../business/tenancy/events/events.ts';
import { allEventTypes } from './events.ts';
import { allProcessors } from './processors.ts';
import { answerChatJob, type ChatParts, deliverChatMessageJob } from '../chat/chat.ts';
import type { JobDeclaration } from '../jobs/jobs.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { Vendors } from './connect-vendors.ts';
import type { Records } from './records.ts';

/** The parts that jobs are made of. */
export interface JobParts {
  readonly clock: Clock;
  readonly records: Pick<Records, 'tenancy' | 'storage'>;
  readonly vendors: Pick<Vendors, 'embedder' | 'carrier'>;
  readonly prices: PriceTable;
  readonly chats: ChatParts;
}

/** Every job that a worker can run. A periodic one has a line in `schedule.ts` besides. */
export function allJobs({ clock, records, vendors, prices, chats }: JobParts): readonly JobDeclaration[] {
  const { tenancy, storage } = records;
  const { embedder, carrier } = vendors;
  return [
    finishCallJob({ tenancy, prices }),
    processEventJob({ tenancy, eventTypes: allEventTypes, processors: allProcessors() }),
    ...knowledgeJobs({ tenancy, storage, clock, embedder }),
    settleNumbersJob({ tenancy, carrier: carrier.numbers, webhooks: carrier.webhooks }),
    deleteExpiredRecordingsJob({ tenancy, storage, clock, listRetentions: listRecordingRetentions }),
    deleteIdempotencyKeysJob({ tenancy, clock }),
    answerChatJob(chats),
    deliverChatMessageJob(chats),
  ];
}
