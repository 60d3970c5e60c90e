import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import twilio from 'twilio';
import { describe, expect, it } from 'vitest';
import { createTwilioSignature } from '../../../src/vendors/twilio/signature.ts';

const form = (fields: Record<string, string | string[]>): string =>
  new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) =>
      [value].flat().map((item): [string, string] => [name, item]),
    ),
  ).toString();

const published = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675309',
  Digits: '1234',
  From: '+14158675309',
  To: '+18005551212',
};

const check = (publicUrl: string, ...authTokens: string[]) =>
  createTwilioSignature({ publicUrl, authTokens: authTokens.length > 0 ? authTokens : ['12345'] });

describe('the signature of a webhook', () => {
  it.each([
    ['the published vector', published, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
    [
      'the second published vector',
      { ...published, Caller: '+12349013030', From: '+12349013030' },
      '0/KCTR6DLpKmkAf8muzZqo1nDgQ=',
    ],
  ])('[F12] agrees with %s', (_name, fields, signature) => {
    const target = '/myapp.php?foo=1&bar=2';
    const subject = check('https://mycompany.com');
    expect(subject.isSignedWebhook({ target, signature, body: form(fields) })).toBe(true);
    expect(subject.isSignedWebhook({ target, signature, body: fields })).toBe(true);
  });

  it.each([[['2', '1', '1']], [['1', '2']]])('[F12] sorts repeated values, each once: %j', (values) => {
    const signature = '3vupWKOWNPXKBBTdpH4ys4zwZms=';
    const subject = check('https://a.example');
    expect(subject.isSignedWebhook({ target: '/x', signature, body: form({ D: values }) })).toBe(true);
    expect(subject.isSignedWebhook({ target: '/x', signature, body: { D: values } })).toBe(true);
  });

  it('[F12] checks the hash of a JSON body instead of its parameters', () => {
    const body = '{"CallSid":"CA1","Type":"x"}';
    const target = `/x?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
    const signature = 'efWWG0dPJqFdA7QxWQVTI0eBqLY=';
    const subject = check('https://a.example');
    expect(subject.isSignedWebhook({ target, signature, body })).toBe(true);
    expect(subject.isSignedWebhook({ target, signature, body: `${body} ` })).toBe(false);
  });

  it('accepts any of several tokens while one is being rotated, and no other', () => {
    const signature = twilio.getExpectedTwilioSignature('old', 'https://a.example/voice', published);
    const request = { target: '/voice', signature, body: form(published) };
    expect(check('https://a.example', 'new', 'old').isSignedWebhook(request)).toBe(true);
    expect(check('https://a.example', 'new').isSignedWebhook(request)).toBe(false);
    expect(check('https://a.example', '').isSignedWebhook(request)).toBe(false);
  });

  it.each([
    ['https, port dropped by Twilio', 'https://a.example:8443', 'https://a.example/voice'],
    ['https, standard port written out', 'https://a.example', 'https://a.example:443/voice'],
    ['http, port kept', 'http://localhost:3000', 'http://localhost:3000/voice'],
    ['a path in front, put there by a proxy', 'https://a.example/parley/', 'https://a.example/parley/voice'],
    ['user info dropped', 'https://user:secret@a.example', 'https://a.example/voice'],
    ['capitals in the host', 'https://A.Example', 'https://A.Example/voice'],
    ['capitals in the host, lowered', 'https://A.Example', 'https://a.example/voice'],
  ])('[F12] finds the URL that was signed: %s', (_name, publicUrl, signedUrl) => {
    const signature = twilio.getExpectedTwilioSignature('12345', signedUrl, published);
    const request = { target: '/voice', signature, body: form(published) };
    expect(check(publicUrl).isSignedWebhook(request)).toBe(true);
  });

  it.each([
    ['no signature', undefined],
    ['an empty one', ''],
    ['one of the wrong length', 'RSOYDt4T1cUTdK1PDd93/VVr8B8'],
    ['one of another request', '0/KCTR6DLpKmkAf8muzZqo1nDgQ='],
  ])('[F12] refuses %s', (_name, signature) => {
    const request = { target: '/myapp.php?foo=1&bar=2', signature, body: form(published) };
    expect(check('https://mycompany.com').isSignedWebhook(request)).toBe(false);
  });

  it('[F12] does not take the host from the request target', () => {
    const signature = twilio.getExpectedTwilioSignature('12345', 'https://evil.example/voice', {});
    const subject = check('https://a.example');
    for (const target of ['https://evil.example/voice', '@evil.example/voice', '', '*']) {
      expect(subject.isSignedWebhook({ target, signature, body: '' })).toBe(false);
    }
  });

  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,12}$/);
  const fields = fc.dictionary(name, fc.string({ unit: 'grapheme', maxLength: 20 }), { maxKeys: 8 });
  const target = fc
    .tuple(fc.array(name, { maxLength: 3 }), fc.option(fc.dictionary(name, fc.string({ maxLength: 8 }))))
    .map(([path, query]) => `/${path.join('/')}${query ? `?${new URLSearchParams(query).toString()}` : ''}`);
  const origin = fc.constantFrom('https://a.example', 'https://a.example:8443', 'http://127.0.0.1:3000');

  it('[F12] accepts whatever the vendor’s own SDK signs and accepts', () => {
    fc.assert(
      fc.property(origin, target, fields, fc.string({ minLength: 1 }), (base, path, params, token) => {
        const signature = twilio.getExpectedTwilioSignature(token, base + path, params);
        const request = { target: path, signature, body: form(params) };
        expect(check(base, token).isSignedWebhook(request)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('[F12] refuses every tampered path, field, token and signature', () => {
    const change = fc.constantFrom('target', 'field', 'token', 'signature', 'extra', 'case');
    fc.assert(
      fc.property(target, fields, change, (path, params, changed) => {
        const signature = twilio.getExpectedTwilioSignature('12345', `https://a.example${path}`, params);
        const request = {
          target: changed === 'target' ? `${path}x` : path,
          signature: changed === 'signature' ? `A${signature.slice(1)}`.replace(signature, '') : signature,
          body: form({
            ...params,
            ...(changed === 'field' ? { [Object.keys(params)[0] ?? 'From']: 'tampered value' } : {}),
            ...(changed === 'extra' ? { Zzz: '1' } : {}),
          }),
        };
        const subject =
          changed === 'token'
            ? check('https://a.example', '12346')
            : changed === 'case'
              ? check('http://a.example')
              : check('https://a.example');
        expect(subject.isSignedWebhook(request)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the signature of a WebSocket upgrade', () => {
  it.each([
    ['wss://voice.example.com/media', 'jFDHVhI8XO69C49uXR3xmdZPylY='],
    ['wss://voice.example.com/media/', 'BXF4dPv/qKwfALEQ/o2fVPPvK/c='],
  ])('[F12] agrees with the computed vector of %s', (_url, signature) => {
    expect(check('https://voice.example.com').isSignedUpgrade({ target: '/media', signature })).toBe(true);
  });

  it.each([
    ['wss, as written in the TwiML', 'https://a.example', 'wss://a.example/media', true],
    ['wss with a slash added', 'https://a.example', 'wss://a.example/media/', true],
    ['https', 'https://a.example', 'https://a.example/media', true],
    ['https with a slash added', 'https://a.example', 'https://a.example/media/', true],
    ['ws of a server without TLS', 'http://127.0.0.1:3000', 'ws://127.0.0.1:3000/media', true],
    ['wss before a server without TLS', 'http://127.0.0.1:3000', 'wss://127.0.0.1:3000/media', true],
    ['plain ws before a server with TLS', 'https://a.example', 'ws://a.example/media', false],
    ['another host', 'https://a.example', 'wss://b.example/media', false],
    ['another path', 'https://a.example', 'wss://a.example/other', false],
    ['another port', 'https://a.example', 'wss://a.example:8443/media', false],
  ])('[F12] judges %s', (_name, publicUrl, signedUrl, accepted) => {
    const signature = twilio.getExpectedTwilioSignature('12345', signedUrl, {});
    expect(check(publicUrl).isSignedUpgrade({ target: '/media', signature })).toBe(accepted);
  });

  it('[F12] refuses an upgrade without a signature', () => {
    expect(check('https://a.example').isSignedUpgrade({ target: '/media', signature: undefined })).toBe(
      false,
    );
  });
});
