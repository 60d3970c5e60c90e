import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { Unavailable } from '../platform/process/errors.ts';
import { formatMessage } from '../business/identity/notices/message-text.ts';
import { loggingNotifier, type Notifier, type OutgoingMessage } from '../business/identity/notices/notify.ts';
import { createOtpiqCodes } from '../vendors/otpiq/codes.ts';
import { createTwilioMessages } from '../vendors/twilio/messages.ts';

/** What OTPIQ has agreements with the networks for. */
const iraq = '+964';

interface SenderConfig extends Pick<Config, 'nodeEnv' | 'simulated'> {
  readonly vendors: Pick<Config['vendors'], 'otpiq' | 'twilio'>;
}

/**
 * Who sends what the server itself says to people. Where nobody does, a laptop shows it in its log; in production it
 * is refused, because a code in a log is a way in for whoever reads logs.
 */
export function connectSenders(config: SenderConfig, logger: Logger): Notifier {
  const { otpiq: account } = config.vendors;
  const otpiq = account && createOtpiqCodes(account);
  const twilio = twilioMessages(config);
  const nobody = config.nodeEnv === 'production' ? refusing : loggingNotifier(logger);
  return {
    send(message) {
      const sender = message.channel === 'email' ? undefined : phoneSender(message, { otpiq, twilio });
      return (sender ?? nobody).send(message);
    },
  };
}

interface PhoneSenders {
  readonly otpiq: Notifier | undefined;
  readonly twilio: Notifier | undefined;
}

function phoneSender(message: OutgoingMessage, { otpiq, twilio }: PhoneSenders): Notifier | undefined {
  // OTPIQ puts codes into words of its own, and sends nothing else.
  if (otpiq === undefined || message.variables['code'] === undefined) return twilio;
  return message.to.startsWith(iraq) ? otpiq : (twilio ?? otpiq);
}

function twilioMessages({ vendors, simulated }: SenderConfig): Notifier | undefined {
  const { accountSid, authTokens, baseUrl, messagesFrom: from } = vendors.twilio;
  if (from === undefined || simulated.includes('twilio')) return undefined;
  return createTwilioMessages({
    accountSid,
    authToken: authTokens[0] ?? '',
    baseUrl,
    from,
    format: formatMessage,
  });
}

const refusing: Notifier = {
  send({ channel }) {
    const what = channel === 'email' ? 'e-mail' : 'messages to phones';
    return Promise.reject(
      new Unavailable(`This server has nobody to send ${what} through.`, 3_600, { code: 'sender-missing' }),
    );
  },
};
