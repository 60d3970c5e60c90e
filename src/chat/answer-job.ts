import { z } from 'zod';
import { getConversation, handOver } from '../business/record/conversations/conversations.ts';
import { agentActor } from '../business/tenancy/actor/actor.ts';
import type { AgentId, ConversationId } from '../business/tenancy/ids/ids.ts';
import type { Tx } from '../business/tenancy/tenancy.ts';
import { declareJob, enqueue } from '../jobs/jobs.ts';
import type { TenantId } from '../platform/data/ids.ts';
import { loadChatLine } from './chat-line.ts';
import type { ChatParts } from './chat-parts.ts';
import { type AnswerLease, markAnswered, releaseAnswerLease, takeAnswerLease } from './chat-progress.ts';
import { type ChatToAnswer, contentOfConversation } from './chat-to-answer.ts';
import { enqueueDelivery } from './delivery-job.ts';
import { storeAnswer } from './store-answer.ts';
import { type WrittenAnswer, writeAnswer } from './write-answer.ts';

const name = 'answer-chat';

/** Longer than the longest answer: four rounds of tools, each with the deadlines of its tools and of the model. */
const leaseMs = 120_000;
/** An answer has to be given up before another process may take the conversation over. */
const answerWithinMs = 110_000;
/** How soon to look again whether the answer before is written. */
const againAfterMs = 1_000;

const dataSchema = z.object({
  tenantId: z.string().transform((id) => id as TenantId),
  conversationId: z.string().transform((id) => id as ConversationId),
  agentId: z.string().transform((id) => id as AgentId),
  /** The message that asked for it. What came since is answered with it. */
  sequence: z.int(),
  /** How often it has found the conversation being answered. */
  waits: z.int().default(0),
});
type AnswerJob = z.output<typeof dataSchema>;

/** Has the agent answer a message of the customer, in the transaction that stores it. */
export function enqueueAnswer(
  tx: Tx,
  { waits = 0, ...job }: Omit<AnswerJob, 'tenantId' | 'waits'> & { readonly waits?: number },
  dueAt?: Date,
): Promise<void> {
  const { conversationId, sequence } = job;
  return enqueue(tx, {
    tenantId: tx.tenantId,
    job: name,
    data: { tenantId: tx.tenantId, ...job, waits },
    jobId: `${name}-${conversationId}-${sequence}-${waits}`,
    dueAt,
  });
}

/**
 * Answers what a customer has written. One answer at a time is written in a conversation; messages that come meanwhile
 * are answered together after it. A process that dies leaves a lease that expires, and tools that repeat no write.
 */
export function answerChatJob(chats: ChatParts) {
  return declareJob({
    name,
    schema: dataSchema,
    async run(job, { signal }) {
      const begun = await begin(chats, job);
      if (begun === undefined) return;
      const written = await writeAnswer(
        chats.agent,
        begun.chat,
        AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
      );
      if (!written.isComplete) {
        await chats.tenancy.run(job, (tx) => releaseAnswerLease(tx, begun.lease));
        throw new Error('No model gave an answer to finish with.');
      }
      await store(chats, job, begun.chat, written);
    },
    /** People of the business see that the customer waits. */
    async onDeadLetter({ tenantId, conversationId, agentId }) {
      const agent = agentActor(tenantId, conversationId, agentId);
      await chats.tenancy.run(agent, (tx) => handOver(tx, agent, { conversationId, at: chats.clock.date() }));
    },
  });
}

async function store(
  { tenancy, clock }: ChatParts,
  { tenantId, conversationId, agentId }: AnswerJob,
  { channel, turn }: ChatToAnswer,
  written: WrittenAnswer,
): Promise<void> {
  const agent = agentActor(tenantId, conversationId, agentId);
  await tenancy.run(agent, async (tx) => {
    // False for a writer who took longer than its lease: somebody else has answered.
    if (!(await markAnswered(tx, conversationId, turn))) return;
    const stored = { conversationId, agentId, written, at: clock.date() };
    const sequence = await storeAnswer(tx, agent, stored);
    if (channel.deliver !== undefined) await enqueueDelivery(tx, conversationId, sequence);
  });
}

interface Begun {
  readonly chat: ChatToAnswer;
  readonly lease: AnswerLease;
}

/** Undefined where there is nothing to do now: answered already, with people, or being answered at this moment. */
function begin(chats: ChatParts, job: AnswerJob): Promise<Begun | undefined> {
  const { conversationId, waits } = job;
  const now = chats.clock.date();
  return chats.tenancy.run(job, async (tx) => {
    const lease = await takeAnswerLease(tx, conversationId, { now, leaseMs });
    if (lease === undefined) {
      await enqueueAnswer(tx, { ...job, waits: waits + 1 }, new Date(now.getTime() + againAfterMs));
      return undefined;
    }
    // Read under the lease: a job that held it until now may just have answered.
    const chat = await unansweredChat(tx, chats, job, lease);
    if (chat !== undefined) return { chat, lease };
    await releaseAnswerLease(tx, lease);
    return undefined;
  });
}

async function unansweredChat(
  tx: Tx,
  { channels, clock }: ChatParts,
  { conversationId, agentId }: AnswerJob,
  { answeredSequence }: AnswerLease,
): Promise<ChatToAnswer | undefined> {
  const conversation = await getConversation(tx, conversationId);
  const channel = channels.find((known) => known.name === conversation.channel);
  if (channel === undefined) throw new Error(`No adapter serves the channel ${conversation.channel}.`);
  const content = await contentOfConversation(tx, conversation, answeredSequence);
  if (content === undefined || content.isWithPeople || conversation.status === 'closed') return undefined;
  return { channel, ...(await loadChatLine(tx, agentId, clock.date())), ...content };
}
