import { z } from 'zod';
import { takeMessage } from '../../business/desk/messages/messages.ts';
import { callerName } from './arguments.ts';
import { completed, findCaller } from './caller.ts';
import { defineTool } from './define-tool.ts';

export const takeMessageTool = defineTool({
  name: 'take_message',
  description:
    'Takes a message for the team: whenever the caller wants somebody to call back, or you cannot help. Repeat the message in one sentence first.',
  effect: 'write',
  failureNote:
    'The message could not be filed just now, but this conversation is on record and the team will see it. Tell the caller that it has been noted.',
  schema: z.object({
    message: z.string().min(1).max(2_000).describe('What to pass on, complete and in plain words.'),
    callerName,
    callbackPhone: z
      .string()
      .max(40)
      .optional()
      .describe('Where to call back, if not the number the caller is phoning from.'),
    urgent: z.boolean().optional(),
  }),
  async run(args, context) {
    const caller = await findCaller(context);
    const taken = await takeMessage(context.tx, context.actor, {
      body: args.message,
      callerName: args.callerName ?? caller?.name ?? undefined,
      callbackPhone: completed(context, args.callbackPhone),
      callerPhone: context.callerPhone,
      urgent: args.urgent,
      customerId: caller?.id,
      callId: context.callId,
    });
    return { result: { status: 'taken', callbackPhone: taken.callbackPhone, urgent: taken.urgent } };
  },
});
