import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../../simulator/simulator.ts';
import { formatMessage } from '../../../src/business/identity/notices/notices.ts';
import { createTwilioMessages } from '../../../src/vendors/twilio/messages.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

function messages(authToken = simulator.authToken) {
  const { accountSid, addresses } = simulator;
  return createTwilioMessages({
    accountSid,
    authToken,
    baseUrl: addresses.twilio,
    from: '+15005550100',
    format: formatMessage,
  });
}

describe('messages through Twilio', () => {
  it('carry the code, from the configured number', async () => {
    await messages().send({
      channel: 'sms',
      to: '+14155550123',
      template: 'verification-code',
      variables: { code: '048291' },
    });
    expect(simulator.twilio.messages.at(-1)).toMatchObject({
      from: '+15005550100',
      to: '+14155550123',
      body: expect.stringMatching(/^048291 /) as string,
    });
  });

  it('by WhatsApp name it on both sides', async () => {
    await messages().send({
      channel: 'whatsapp',
      to: '+14155550123',
      template: 'invitation',
      variables: { token: 'abc', business: 'Harbour Street', role: 'agent' },
    });
    expect(simulator.twilio.messages.at(-1)).toMatchObject({
      from: 'whatsapp:+15005550100',
      to: 'whatsapp:+14155550123',
      body: expect.stringContaining('Harbour Street') as string,
    });
  });

  it('that Twilio refuses are a failure of the vendor, without the secret', async () => {
    const failure = await messages('a wrong token')
      .send({ channel: 'sms', to: '+14155550123', template: 'verification-code', variables: { code: '1' } })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ vendor: 'twilio', isRetryable: false });
    expect(String(failure)).not.toContain('a wrong token');
  });
});
