import type { Twilio } from 'twilio';
import type { OutgoingMessage } from '../../business/identity/notices/notices.ts';
import type { MessageSender, SenderContext } from '../fulfils.ts';
import { connect, toVendorError, type TwilioRestOptions } from './rest.ts';
import type { TwilioSettings } from './settings.ts';

export interface TwilioMessagesOptions extends TwilioRestOptions {
  /** E.164: a number of the account that may send text messages. */
  readonly from: string;
  /** The text of a message. */
  readonly format: (message: OutgoingMessage) => string;
}

/** Text messages of the server itself. Twilio has no idempotency key, so nothing is retried. */
export function createTwilioMessages(options: TwilioMessagesOptions): MessageSender {
  let client: Promise<Twilio> | undefined;
  return {
    suits: ({ channel }) => (channel === 'email' ? undefined : 'good'),
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

/** Undefined without a number to send from, and if the carrier is simulated, whose messages reach nobody. */
export function connectMessages(
  settings: TwilioSettings,
  { isSimulated, format }: SenderContext,
): MessageSender | undefined {
  const { accountSid, authTokens, baseUrl, messagesFrom: from } = settings;
  if (from === undefined || isSimulated) return undefined;
  return createTwilioMessages({ accountSid, authToken: authTokens[0] ?? '', baseUrl, from, format });
}
