import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { connectSenders } from '../../src/app/connect-senders.ts';
import { formatMessage } from '../../src/business/identity/notices/notices.ts';
import { systemClock } from '../../src/platform/process/clock.ts';
import { otpiq as otpiqVendor } from '../../src/vendors/otpiq/vendor.ts';
import { twilio } from '../../src/vendors/twilio/vendor.ts';
import { startOtpiq } from '../../simulator/otpiq/otpiq.ts';
import { startSimulator } from '../../simulator/simulator.ts';

function logTo(lines: string[]) {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return pino({}, stream);
}

const context = {
  clock: systemClock,
  logger: pino({ level: 'silent' }),
  isSimulated: false,
  format: formatMessage,
};

const code = { channel: 'sms', template: 'verification-code', variables: { code: '048291' } } as const;
const link = {
  channel: 'email',
  to: 'robin@example.com',
  template: 'password-reset',
  variables: { link: 'https://example.com/#x' },
} as const;

describe('messages of the server', () => {
  it('are read in the log on a laptop', async () => {
    const lines: string[] = [];
    await connectSenders([], { nodeEnv: 'development' }, logTo(lines)).send({
      ...code,
      to: '+4915112345678',
    });
    expect(lines.join('')).toContain('048291');
  });

  it('are refused in production where nobody sends them, and never logged', async () => {
    const lines: string[] = [];
    const notifier = connectSenders([], { nodeEnv: 'production' }, logTo(lines));
    await expect(notifier.send({ ...code, to: '+4915112345678' })).rejects.toMatchObject({
      name: 'Unavailable',
    });
    await expect(notifier.send(link)).rejects.toMatchObject({ name: 'Unavailable' });
    expect(lines).toEqual([]);
  });

  it('go to Iraq through OTPIQ and elsewhere through Twilio, and through whichever of them there is', async () => {
    const simulator = await startSimulator();
    const otpiq = await startOtpiq();
    const { accountSid, authToken, addresses } = simulator;
    const iraqi = otpiqVendor.sends!.connect({ apiKey: 'x', baseUrl: otpiq.url }, context)!;
    const account = { accountSid, authTokens: [authToken], baseUrl: addresses.twilio };
    const global = twilio.sends!.connect({ ...account, messagesFrom: '+15005550100' }, context)!;
    const both = connectSenders([global, iraqi], { nodeEnv: 'production' }, context.logger);
    await both.send({ ...code, to: '+9647501234567' });
    await both.send({ ...code, to: '+4915112345678' });
    expect(otpiq.sent.map(({ phoneNumber }) => phoneNumber)).toEqual(['9647501234567']);
    expect(simulator.twilio.messages.map(({ to }) => to)).toEqual(['+4915112345678']);
    const one = connectSenders([iraqi], { nodeEnv: 'production' }, context.logger);
    await one.send({ ...code, to: '+4915112345679' });
    expect(otpiq.sent.at(-1)?.phoneNumber).toBe('4915112345679');
    await Promise.all([simulator.close(), otpiq.close()]);
  });

  it('go nowhere through a carrier that is played, or that has no number to send from', () => {
    const account = { accountSid: 'AC', authTokens: ['x'], baseUrl: 'http://127.0.0.1:9' };
    const connect = (messagesFrom: string | undefined, isSimulated: boolean) =>
      twilio.sends!.connect({ ...account, messagesFrom }, { ...context, isSimulated });
    expect(connect(undefined, false)).toBeUndefined();
    expect(connect('+15005550100', true)).toBeUndefined();
    expect(connect('+15005550100', false)).toBeDefined();
  });
});
