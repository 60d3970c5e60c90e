import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { connectSenders } from '../../src/app/connect-senders.ts';
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

const nothing = {
  simulated: [],
  vendors: {
    otpiq: undefined,
    twilio: { accountSid: 'AC', authTokens: ['x'], baseUrl: 'http://127.0.0.1:9', messagesFrom: undefined },
  },
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
    await connectSenders({ ...nothing, nodeEnv: 'development' }, logTo(lines)).send({
      ...code,
      to: '+4915112345678',
    });
    expect(lines.join('')).toContain('048291');
  });

  it('are refused in production where nobody sends them, and never logged', async () => {
    const lines: string[] = [];
    const notifier = connectSenders({ ...nothing, nodeEnv: 'production' }, logTo(lines));
    await expect(notifier.send({ ...code, to: '+4915112345678' })).rejects.toMatchObject({
      name: 'Unavailable',
    });
    await expect(notifier.send(link)).rejects.toMatchObject({ name: 'Unavailable' });
    expect(lines).toEqual([]);
  });

  it('go to Iraq through OTPIQ and elsewhere through Twilio, and through whichever of them there is', async () => {
    const simulator = await startSimulator();
    const otpiq = await startOtpiq();
    const logger = logTo([]);
    const withOtpiq = { apiKey: 'x', baseUrl: otpiq.url };
    const { accountSid, authToken, addresses } = simulator;
    const twilio = {
      accountSid,
      authTokens: [authToken],
      baseUrl: addresses.twilio,
      messagesFrom: '+15005550100',
    };
    const both = connectSenders(
      { nodeEnv: 'production', simulated: [], vendors: { otpiq: withOtpiq, twilio } },
      logger,
    );
    await both.send({ ...code, to: '+9647501234567' });
    await both.send({ ...code, to: '+4915112345678' });
    expect(otpiq.sent.map(({ phoneNumber }) => phoneNumber)).toEqual(['9647501234567']);
    expect(simulator.twilio.messages.map(({ to }) => to)).toEqual(['+4915112345678']);
    const one = connectSenders(
      { ...nothing, nodeEnv: 'production', vendors: { ...nothing.vendors, otpiq: withOtpiq } },
      logger,
    );
    await one.send({ ...code, to: '+4915112345679' });
    expect(otpiq.sent.at(-1)?.phoneNumber).toBe('4915112345679');
    await Promise.all([simulator.close(), otpiq.close()]);
  });
});
