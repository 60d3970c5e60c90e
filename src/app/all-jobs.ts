import { finishCallJob, type PriceTable } from '../business/record/calls/calls.ts';
import { knowledgeJobs } from '../business/knowledge/knowledge.ts';
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
  readonly vendors: Pick<Vendors, 'embedder'>;
  readonly prices: PriceTable;
  readonly chats: ChatParts;
}

/** Every job that a change enqueues. Periodic ones are on `schedule.ts`. */
export function allJobs({ clock, records, vendors, prices, chats }: JobParts): readonly JobDeclaration[] {
  const { tenancy, storage } = records;
  const { embedder } = vendors;
  return [
    finishCallJob({ tenancy, prices }),
    processEventJob({ tenancy, eventTypes: allEventTypes, processors: allProcessors() }),
    ...knowledgeJobs({ tenancy, storage, clock, embedder }),
    answerChatJob(chats),
    deliverChatMessageJob(chats),
  ];
}
