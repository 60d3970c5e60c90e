import { parse as parseForm } from 'node:querystring';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { CarrierInstruction, IncomingCalls, TransferOutcome } from '../../call/transport/transport.ts';
import { InvalidInput } from '../../platform/process/errors.ts';
import type { TwilioSignature } from './signature.ts';
import { connectStream, dial, hangUp, sayAndHangUp } from './twiml.ts';
import { dialWebhookSchema, statusWebhookSchema, voiceWebhookSchema } from './webhook-schemas.ts';

export const VOICE_PATH = '/webhooks/twilio/voice';
export const STATUS_PATH = '/webhooks/twilio/status';
/** Requested whenever a media stream has ended, for whatever reason. */
const RESUME_PATH = '/webhooks/twilio/resume';
const DIAL_RESULT_PATH = '/webhooks/twilio/dial-result';
export const MEDIA_PATH = '/media/twilio';

/** Final states of a call. */
const OVER = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

export interface TwilioWebhooksOptions {
  /** The URL under which Twilio reaches the server, without a trailing slash. */
  readonly publicUrl: string;
  readonly signature: TwilioSignature;
  readonly calls: IncomingCalls;
  readonly onForged: () => void;
}

/** Twilio's webhooks: the signature is checked on the raw body, before any of it is parsed. */
export async function twilioWebhooks(app: FastifyInstance, options: TwilioWebhooksOptions): Promise<void> {
  const { calls } = options;

  app.removeContentTypeParser('application/x-www-form-urlencoded');
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, body),
  );
  app.addHook('preValidation', async (request, reply) => {
    if (isSigned(request, options.signature)) return;
    options.onForged();
    await reply.code(403).send();
  });

  app.post(VOICE_PATH, (request, reply) => {
    const { callSid, callerPhone, to } = fieldsOf(request, voiceWebhookSchema);
    return answer(reply, calls.ring({ callSid, from: callerPhone, to }), options.publicUrl);
  });

  app.post(RESUME_PATH, (request, reply) => {
    const { callSid } = fieldsOf(request, voiceWebhookSchema);
    return answer(reply, calls.afterStream(callSid), options.publicUrl);
  });

  app.post(DIAL_RESULT_PATH, (request, reply) => {
    const { callSid, dialStatus } = fieldsOf(request, dialWebhookSchema);
    return answer(reply, calls.transferEnded(callSid, outcomeOf(dialStatus)), options.publicUrl);
  });

  // Late, repeated and reordered requests are harmless: the first with a final state ends the call, the rest find none.
  app.post(STATUS_PATH, (request, reply) => {
    const { callSid, callStatus } = fieldsOf(request, statusWebhookSchema);
    if (OVER.has(callStatus)) calls.callCompleted(callSid);
    return reply.code(204).send();
  });
}

function isSigned(request: FastifyRequest, signature: TwilioSignature): boolean {
  const header = request.headers['x-twilio-signature'];
  return signature.isSignedWebhook({
    target: request.raw.url ?? '',
    signature: typeof header === 'string' ? header : undefined,
    body: typeof request.body === 'string' ? request.body : '',
  });
}

function fieldsOf<Schema extends z.ZodType>(request: FastifyRequest, schema: Schema): z.output<Schema> {
  const fields = schema.safeParse(parseForm(typeof request.body === 'string' ? request.body : ''));
  if (!fields.success) throw new InvalidInput('This is not a webhook of a call: CallSid is missing.');
  return fields.data;
}

function answer(reply: FastifyReply, instruction: CarrierInstruction, publicUrl: string): FastifyReply {
  return reply.type('text/xml').send(formatInstruction(instruction, publicUrl));
}

function formatInstruction(instruction: CarrierInstruction, publicUrl: string): string {
  switch (instruction.type) {
    case 'connect':
      return connectStream({
        // Twilio accepts no other scheme. The simulator, which connects without TLS, uses the path only.
        streamUrl: publicUrl.replace(/^https?/, 'wss') + MEDIA_PATH,
        token: instruction.token,
        afterUrl: publicUrl + RESUME_PATH,
      });
    case 'say':
      return sayAndHangUp(instruction);
    case 'dial':
      return dial({
        to: instruction.phone,
        afterUrl: publicUrl + DIAL_RESULT_PATH,
        timeoutSeconds: instruction.timeoutSeconds,
        callerId: instruction.callerId,
      });
    case 'hang-up':
      return hangUp();
    default:
      return instruction satisfies never;
  }
}

function outcomeOf(dialStatus: string): TransferOutcome {
  switch (dialStatus) {
    case 'completed':
    case 'answered':
      return 'answered';
    case 'busy':
    case 'no-answer':
      return dialStatus;
    default:
      return 'failed';
  }
}
