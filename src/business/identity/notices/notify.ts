import type { Logger } from 'pino';

/** The kind of a message. */
export type MessageTemplate = 'invitation' | 'verification-code' | 'password-reset' | 'password-reset-code';

export interface OutgoingMessage {
  readonly channel: 'email' | 'sms' | 'whatsapp';
  /** An e-mail address, or a phone number in E.164. */
  readonly to: string;
  readonly template: MessageTemplate;
  readonly variables: Readonly<Record<string, string>>;
}

/** Messages from the server itself to people who sign in (not from a business to its customers). */
export interface Notifier {
  send(message: OutgoingMessage): Promise<void>;
}

/** Logs messages instead of sending them, for development without a sender. */
export function loggingNotifier(logger: Logger): Notifier {
  return {
    send({ channel, to, template, variables }) {
      logger.warn(
        { channel, to, template, variables },
        'message not sent: no sender configured; contents logged instead',
      );
      return Promise.resolve();
    },
  };
}
