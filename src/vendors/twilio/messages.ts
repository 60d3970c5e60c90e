import type { Twilio } from 'twilio';
import { formatMessage } from '../../platform/message-text.ts';
import type { Notifier } from '../../platform/notify.ts';
import { connect, toVendorError, type TwilioRestOptions } from './rest.ts';

export interface TwilioMessagesOptions extends TwilioRestOptions {
  /** E.164: a number of the account that may send text messages. */
  readonly from: string;
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
          body: formatMessage(message),
        });
      } catch (error) {
        throw toVendorError(error, options.authToken);
      }
    },
  };
}
