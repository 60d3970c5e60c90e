import type { Twilio } from 'twilio';
import type { Notifier, OutgoingMessage } from '../../business/identity/notices/notify.ts';
import { connect, toVendorError, type TwilioRestOptions } from './rest.ts';

export interface TwilioMessagesOptions extends TwilioRestOptions {
  /** E.164: a number of the account that may send text messages. */
  readonly from: string;
  /** The words of a message. */
  readonly format: (message: OutgoingMessage) => string;
}

/** Text messages of the server itself. Twilio has no idempotency key: nothing is sent a second time by us. */
export function createTwilioMessages(options: TwilioMessagesOptions): Notifier {
  let client: Promise<Twilio> | undefined;
  return {
    async send(message) {
      client ??= connect(options);
      const twilio = await client;
      const prefix = message.channel === 'whatsapp' ? 'whatsapp:' : '';
      try {
        await twilio.messages.create({
          to: `${prefix}${message.to}`,
          from: `${prefix}${options.from}`,
          body: options.format(message),
        });
      } catch (error) {
        throw toVendorError(error, options.authToken);
      }
    },
  };
}
