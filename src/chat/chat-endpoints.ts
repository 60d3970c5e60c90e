import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { VendorError } from '../platform/process/errors.ts';
import { formatProblem, type ProblemCause, problemSchema } from '../platform/http/problem.ts';
import { actorOf } from '../business/tenancy/access/actor.ts';
import { creating } from '../business/tenancy/access/responses.ts';
import { answerChat, type ChatDependencies } from './answer.ts';
import { EventStream } from '../platform/http/event-stream.ts';
import { chatAnswerSchema, chatRequestSchema } from './schema.ts';
import { type PreparedChat, prepareChat } from './service.ts';
import type { TextReplyEvent } from '../agent/text-agent.ts';

/** Chat with an agent: the same tools and records as on calls. */
export const chatRoutes: FastifyPluginAsyncZod<ChatDependencies> = async (app, dependencies) => {
  app.post(
    '/v1/chat/messages',
    {
      config: { access: { permission: 'chat:write' } },
      schema: {
        tags: ['Chat'],
        summary: 'Write to an agent',
        description: [
          'Answered as `text/event-stream`, or as one JSON document with `Accept: application/json`.',
          'Events: `tool_call` (id, tool, arguments), `tool_result` (id, tool, status, result, durationMs), `update` (text, to be added to what came before), and last `done` (the JSON document) or `error` (a problem).',
          'Lines that begin with a colon keep the connection alive. Closing the connection stops the answer.',
        ].join('\n\n'),
        body: chatRequestSchema,
        response: {
          200: {
            description: 'The answer',
            content: {
              'application/json': { schema: chatAnswerSchema },
              'text/event-stream': { schema: z.string() },
            },
          },
          ...creating,
          502: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { db, clock } = dependencies;
      const chat = await prepareChat(db, actorOf(request), request.body, clock.date());
      return wantsJson(request)
        ? sendJson(dependencies, chat, reply)
        : sendStream(dependencies, chat, request, reply);
    },
  );
};

/** An answer is a few kilobytes; a reader who is this far behind has left. */
const maxWaitingCharacters = 1_000_000;

/** True when the client accepts JSON and not an event stream. */
function wantsJson({ headers }: FastifyRequest): boolean {
  const accept = headers.accept ?? '';
  return accept.includes('application/json') && !accept.includes('text/event-stream');
}

async function sendJson(
  dependencies: ChatDependencies,
  chat: PreparedChat,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const abort = new AbortController();
  reply.raw.once('close', () => abort.abort('reader-gone'));
  const answer = await answerChat(dependencies, chat, abort.signal, () => undefined);
  if (answer === undefined) throw noAnswer();
  return reply.type('application/json').send(answer);
}

function sendStream(
  dependencies: ChatDependencies,
  chat: PreparedChat,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const stream = new EventStream({ clock: dependencies.clock, maxWaitingCharacters });
  const { signal } = stream;
  const write = async (): Promise<void> => {
    try {
      const answer = await answerChat(dependencies, chat, signal, (event) => sendEvent(stream, event));
      if (answer === undefined) stream.send({ event: 'error', data: formatProblem(failed, request.id) });
      else stream.send({ event: 'done', data: answer });
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

function sendEvent(stream: EventStream, event: TextReplyEvent): void {
  switch (event.type) {
    case 'text':
      return stream.send({ event: 'update', data: { text: event.text } });
    case 'tool-call': {
      const { type: _, ...data } = event;
      return stream.send({ event: 'tool_call', data });
    }
    case 'tool-result': {
      const { type: _, ...data } = event;
      return stream.send({ event: 'tool_result', data });
    }
    case 'usage':
    case 'end':
      return;
    default:
      event satisfies never;
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
