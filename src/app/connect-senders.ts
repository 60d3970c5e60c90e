import type { Logger } from 'pino';
import {
  loggingNotifier,
  type Notifier,
  type OutgoingMessage,
} from '../business/identity/notices/notices.ts';
import { Unavailable } from '../platform/process/errors.ts';
import type { MessageSender } from '../vendors/vendors.ts';
import type { Config } from './config.ts';

/**
 * Sends the server's own messages, such as codes for signing in, through the sender that suits each. Without a sender,
 * they are logged in development and refused in production, where reading the log would be enough to sign in.
 */
export function connectSenders(
  senders: readonly MessageSender[],
  { nodeEnv }: Pick<Config, 'nodeEnv'>,
  logger: Logger,
): Notifier {
  const nobody = nodeEnv === 'production' ? refusing : loggingNotifier(logger);
  return { send: (message) => (chooseSender(senders, message) ?? nobody).send(message) };
}

function chooseSender(
  senders: readonly MessageSender[],
  message: OutgoingMessage,
): MessageSender | undefined {
  const suiting = Map.groupBy(senders, (sender) => sender.suits(message));
  return (suiting.get('best') ?? suiting.get('good') ?? suiting.get('last'))?.[0];
}

const refusing: Notifier = {
  send({ channel }) {
    const what = channel === 'email' ? 'e-mail' : 'messages to phones';
    return Promise.reject(
      new Unavailable(`This server has nobody to send ${what} through.`, 3_600, { code: 'sender-missing' }),
    );
  },
};
