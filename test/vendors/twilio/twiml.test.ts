import * as fc from 'fast-check';
import twilio from 'twilio';
import { describe, expect, it } from 'vitest';
import { connectStream, dial, hangUp, sayAndHangUp } from '../../../src/vendors/twilio/twiml.ts';

const { VoiceResponse } = twilio.twiml;

/** Attributes in a fixed order and both quotes written one way, so that two writings of one document compare equal. */
const normal = (xml: string): string =>
  xml
    .replaceAll('&apos;', "'")
    .replaceAll(/<(\w+)((?: [\w-]+="[^"]*")+)/g, (_match, name: string, attributes: string) => {
      const sorted = (attributes.match(/ [\w-]+="[^"]*"/g) ?? []).toSorted((left, right) =>
        left < right ? -1 : 1,
      );
      return `<${name}${sorted.join('')}`;
    });

describe('the documents we answer with', () => {
  it('connect a stream, and ask what comes next whether it ends or breaks [L19]', () => {
    const afterUrl = 'https://a.example/after?x=1&y=2';
    const expected = new VoiceResponse();
    const stream = expected
      .connect({ action: afterUrl, method: 'POST' })
      .stream({ url: 'wss://a.example/media' });
    stream.parameter({ name: 'token', value: 'a.b.c' });
    expected.redirect({ method: 'POST' }, afterUrl);
    const document = connectStream({ streamUrl: 'wss://a.example/media', token: 'a.b.c', afterUrl });
    expect(normal(document)).toBe(normal(expected.toString()));
  });

  it('ring a person, keeping the caller’s line ringing until somebody answers', () => {
    const expected = new VoiceResponse();
    expected
      .dial({
        action: 'https://a.example/d',
        method: 'POST',
        timeout: 25,
        answerOnBridge: true,
        callerId: '+15005550100',
      })
      .number({}, '+15005550199');
    const document = dial({
      to: '+15005550199',
      afterUrl: 'https://a.example/d',
      timeoutSeconds: 25,
      callerId: '+15005550100',
    });
    expect(normal(document)).toBe(normal(expected.toString()));
  });

  it('hang up', () => {
    expect(hangUp()).toBe('<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>');
  });

  it('say any text without it becoming markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-composite', maxLength: 40 }), fc.string(), (text, language) => {
        const document = sayAndHangUp({ text: `${text}<&>"'`, language });
        expect(document.match(/</g)).toHaveLength(6);
        expect(document.match(/&(?!(amp|lt|gt|quot|apos);)/g)).toBeNull();
        expect(document.match(/"/g)).toHaveLength(6);
      }),
    );
  });

  it('drop what XML cannot hold', () => {
    expect(sayAndHangUp({ text: 'a\u0000b\u0008c\uD800d\uFFFFe', language: 'en-US' })).toContain('>abcde<');
  });
});
