import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../../../src/business/identity/notices/notices.ts';
import { type OtpiqSimulator, startOtpiq } from '../../../simulator/otpiq/otpiq.ts';
import { createOtpiqCodes } from '../../../src/vendors/otpiq/codes.ts';

let otpiq: OtpiqSimulator;
beforeAll(async () => {
  otpiq = await startOtpiq({ apiKey: 'sk_live_secret' });
});
afterAll(() => otpiq.close());
beforeEach(() => {
  otpiq.faults = {};
});

const message: OutgoingMessage = {
  channel: 'sms',
  to: '+9647501234567',
  template: 'verification-code',
  variables: { code: '048291' },
};

function codes(apiKey = 'sk_live_secret', baseUrl = otpiq.url) {
  return createOtpiqCodes({ apiKey, baseUrl });
}

describe('codes through OTPIQ', () => {
  it('go to the number without its plus, zeros in front kept', async () => {
    await codes().send(message);
    expect(otpiq.sent.at(-1)).toEqual({
      phoneNumber: '9647501234567',
      provider: 'sms',
      verificationCode: '048291',
    });
  });

  it('by WhatsApp fall back to a text message', async () => {
    await codes().send({ ...message, channel: 'whatsapp' });
    expect(otpiq.sent.at(-1)?.provider).toBe('whatsapp-sms');
  });

  it('are all it sends', async () => {
    const count = otpiq.sent.length;
    const invitation = { ...message, template: 'invitation', variables: { token: 'x' } } as const;
    await expect(codes().send(invitation)).rejects.toThrow(/sends codes/);
    expect(otpiq.sent).toHaveLength(count);
  });

  it.each([
    [400, { error: 'Insufficient credit', yourCredit: 10, requiredCredit: 80, canCover: false }, false],
    [500, {}, true],
    [502, 'not JSON', true],
  ])('that are refused with %s say so, once', async (status, body, isRetryable) => {
    otpiq.faults = { refusal: { status, body } };
    await expect(codes().send(message)).rejects.toMatchObject({
      vendor: 'otpiq',
      code: String(status),
      isRetryable,
    });
  });

  it('tell how long to wait when there were too many', async () => {
    const body = { message: 'Too many', waitMinutes: 7, maxRequests: 3, timeWindowMinutes: 60 };
    otpiq.faults = { refusal: { status: 429, body } };
    await expect(codes().send(message)).rejects.toMatchObject({ isRetryable: true, retryAfterMs: 420_000 });
  });

  it('without a good key, or without OTPIQ, fail without telling the key', async () => {
    const refused = await codes('sk_live_wrong')
      .send(message)
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: '401', isRetryable: false });
    expect(String(refused)).not.toContain('sk_live_wrong');
    await expect(codes('x', 'http://127.0.0.1:9').send(message)).rejects.toMatchObject({ code: 'network' });
  });
});
