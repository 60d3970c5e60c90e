import { describe, expect, it } from 'vitest';
import {
  dialWebhookSchema,
  statusWebhookSchema,
  voiceWebhookSchema,
} from '../../../src/vendors/twilio/webhook-schemas.ts';

const ringing = {
  CallSid: 'CA00000000000000000000000000000001',
  AccountSid: 'AC00000000000000000000000000000001',
  From: '+14155550123',
  To: '+15005550100',
  CallStatus: 'ringing',
  ApiVersion: '2010-04-01',
  Direction: 'inbound',
  FromCity: '',
  SomethingNew: 'tomorrow',
};

describe('what is read of Twilio’s webhooks', () => {
  it('an incoming call, whatever else was sent with it', () => {
    expect(voiceWebhookSchema.parse(ringing)).toMatchObject({
      callSid: 'CA00000000000000000000000000000001',
      callerPhone: '+14155550123',
      to: '+15005550100',
      callStatus: 'ringing',
    });
  });

  it.each(['anonymous', 'unknown', '', 'client:kiosk', 'sip:bob@a.example', '+7'])(
    'a caller who is no phone number (%j) has none',
    (from) => {
      expect(voiceWebhookSchema.parse({ ...ringing, From: from }).callerPhone).toBeUndefined();
    },
  );

  it('a status with its place in the order of events', () => {
    const fields = {
      ...ringing,
      CallStatus: 'completed',
      SequenceNumber: '3',
      CallDuration: '42',
      Duration: '1',
    };
    expect(statusWebhookSchema.parse(fields)).toMatchObject({
      callStatus: 'completed',
      sequenceNumber: 3,
      durationSeconds: 42,
    });
    expect(statusWebhookSchema.parse(ringing).sequenceNumber).toBeUndefined();
  });

  it('how a transfer came out', () => {
    expect(dialWebhookSchema.parse({ ...ringing, DialCallStatus: 'no-answer' }).dialStatus).toBe('no-answer');
  });

  it('nothing without a call', () => {
    expect(voiceWebhookSchema.safeParse({ From: '+14155550123' }).success).toBe(false);
    expect(voiceWebhookSchema.safeParse({ ...ringing, CallSid: ['a', 'b'] }).success).toBe(false);
  });
});
