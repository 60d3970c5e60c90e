import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ReplyPart } from '../agent/agent.ts';
import { actorOf } from '../business/tenancy/actor/actor.ts';
import { answer, rawEndpoint } from '../business/tenancy/access/access.ts';
import { EventStream } from '../platform/http/event-stream.ts';
import { formatProblem, type ProblemCause, problemSchema } from '../platform/http/problem.ts';
import { VendorError } from '../platform/process/errors.ts';
import { enqueueAnswer } from './answer-job.ts';
import { answerChat } from './answer-chat.ts';
import { webChat } from './channels/channels.ts';
import {
  chatAcceptedSchema,
  type ChatAnswer,
  chatAnswerExample,
  chatAnswerSchema,
  chatRequestSchema,
} from './chat-message.ts';
import type { ChatParts } from './chat-parts.ts';
import type { ChatToAnswer } from './chat-to-answer.ts';
import { prepareChat } from './prepare-chat.ts';

const streamExample = `event: tool_call
data: {"id":"call_7QxR","tool":"list_services","arguments":{}}

event: tool_result
data: {"id":"call_7QxR","tool":"list_services","status":"ok","result":{"services":[{"service":"tune-up","name":"Tune-up","description":"","durationMinutes":60,"price":"80 dollars"}]},"durationMs":12}

event: update
data: {"text":"Yes, from ten to four."}

event: done
data: ${JSON.stringify(chatAnswerExample)}

`;

/** Web chat: the same agent, tools and records as on calls. */
export function chatEndpoints(chats: ChatParts) {
  return [
    rawEndpoint({
      method: 'POST',
      path: '/v1/chat/messages',
      needs: 'chat:write',
      tag: 'Chat',
      summary: 'Write to an agent',
      description: [
        'Answered as `text/event-stream`, or as one JSON document with `Accept: application/json`.',
        'Events: `tool_call` (id, tool, arguments), `tool_result` (id, tool, status, result, durationMs), `update` (text, to be added to what came before), and last `done` (the JSON document) or `error` (a problem).',
        'With `wait: false` a job writes the answer, and it is read from the conversation.',
        'Lines that begin with a colon keep the connection alive. Closing the connection stops the answer.',
      ].join('\n\n'),
      body: chatRequestSchema,
      answers: { 200: chatAnswerSchema, 202: chatAcceptedSchema, 502: problemSchema },
      media: ['application/json', { text: 'text/event-stream', example: streamExample }],
      async handle({ request, reply, body, now }) {
        const actor = actorOf(request);
        const chat = await chats.tenancy.run(actor, async (tx) => {
          const prepared = await prepareChat(tx, actor, webChat, { input: body, now });
          if (!body.wait) await enqueueAnswer(tx, accepted(prepared));
          return prepared;
        });
        if (!body.wait) return answer(202, accepted(chat));
        return wantsJson(request)
          ? answer(200, await answerAsDocument(chats, chat, reply))
          : answerAsStream(chats, chat, request, reply);
      },
    }),
  ];
}

/** Of a conversation, which a request that does not wait has. */
function accepted({ conversationId, turn, line }: ChatToAnswer) {
  return { conversationId: conversationId!, sequence: turn, agentId: line.agentId };
}

/** An answer is a few kilobytes; a reader who is this far behind has left. */
const maxWaitingCharacters = 1_000_000;

/** True when the client accepts JSON and not an event stream. */
function wantsJson({ headers }: FastifyRequest): boolean {
  const accept = headers.accept ?? '';
  return accept.includes('application/json') && !accept.includes('text/event-stream');
}

async function answerAsDocument(
  chats: ChatParts,
  chat: ChatToAnswer,
  reply: FastifyReply,
): Promise<ChatAnswer> {
  const abort = new AbortController();
  reply.raw.once('close', () => abort.abort('reader-gone'));
  const written = await answerChat(chats, chat, abort.signal, () => undefined);
  if (written === undefined) throw noAnswer();
  return written;
}

function answerAsStream(
  chats: ChatParts,
  chat: ChatToAnswer,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const stream = new EventStream({ clock: chats.clock, maxWaitingCharacters });
  const write = async (): Promise<void> => {
    try {
      const written = await answerChat(chats, chat, stream.signal, (part) => sendPart(stream, part));
      if (written === undefined) stream.send({ event: 'error', data: formatProblem(failed, request.id) });
      else stream.send({ event: 'done', data: written });
    } catch (error) {
      request.log.error({ err: error }, 'chat answer failed');
      stream.send({
        event: 'error',
        data: formatProblem({ status: 500, code: 'internal' }, request.id),
      });
    }
    stream.end();
  };
  void write();
  return stream.answer(reply);
}

function sendPart(stream: EventStream, part: ReplyPart): void {
  switch (part.type) {
    case 'text-delta':
      return stream.send({ event: 'update', data: { text: part.text } });
    case 'tool-started': {
      const { toolCallId: id, tool, arguments: given } = part;
      return stream.send({ event: 'tool_call', data: { id, tool, arguments: given } });
    }
    case 'tool-ended': {
      const { toolCallId: id, tool, status, result, durationMs } = part;
      return stream.send({ event: 'tool_result', data: { id, tool, status, result, durationMs } });
    }
    case 'model-requested':
    case 'model-used':
    case 'filler':
    case 'filler-text':
    case 'action':
    case 'fault':
    case 'end':
      return;
    default:
      part satisfies never;
  }
}

const failed: ProblemCause = {
  status: 502,
  code: 'vendor-failed',
  detail: 'No model has answered. Send it again in a moment.',
};

function noAnswer(): VendorError {
  return new VendorError('The language model', 'no model has answered', {
    isRetryable: true,
    code: 'no-answer',
  });
}
