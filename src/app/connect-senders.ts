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
 * Who sends what the server itself says to people. Where nobody does, a laptop shows it in its log; in production it
 * is refused, because a code in a log is a way in for whoever reads logs.
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
