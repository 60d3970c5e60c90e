import { describe, expect, it } from 'vitest';
import { signedFormOf, signWebhook, type FormParameters } from '../../../simulator/twilio/signature.ts';

const call = (number: string): FormParameters => [
  ['CallSid', 'CA1234567890ABCDE'],
  ['Caller', number],
  ['Digits', '1234'],
  ['From', number],
  ['To', '+18005551212'],
];
const app = 'https://mycompany.com/myapp.php?foo=1&bar=2';

describe('signWebhook', () => {
  it.each<[string, FormParameters, string]>([
    [app, call('+14158675309'), 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
    [app, call('+12349013030'), '0/KCTR6DLpKmkAf8muzZqo1nDgQ='],
    ['wss://voice.example.com/media', [], 'jFDHVhI8XO69C49uXR3xmdZPylY='],
    ['wss://voice.example.com/media/', [], 'BXF4dPv/qKwfALEQ/o2fVPPvK/c='],
    [
      'https://a.example/x',
      [
        ['D', '2'],
        ['D', '1'],
        ['D', '1'],
      ],
      '3vupWKOWNPXKBBTdpH4ys4zwZms=',
    ],
    [
      'https://a.example/x',
      [
        ['D', '1'],
        ['D', '2'],
      ],
      '3vupWKOWNPXKBBTdpH4ys4zwZms=',
    ],
    [
      'https://a.example/x?bodySHA256=2e066161b1076d835069e341097604e639e6384a5b15f9e5e2d2244c8df1216b',
      [],
      'efWWG0dPJqFdA7QxWQVTI0eBqLY=',
    ],
  ])('signs %s as the carrier publishes it', (url, parameters, signature) => {
    expect(signWebhook('12345', url, parameters)).toBe(signature);
  });

  it('does not depend on the order of the parameters', () => {
    expect(signWebhook('12345', app, call('+14158675309').toReversed())).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=');
  });
});

describe('signedFormOf', () => {
  it.each([
    ['https://user:secret@host.example:8443/voice?x=%20#rc=2', 'https://host.example/voice?x=%20'],
    ['http://user:secret@host.example:8080/voice', 'http://host.example:8080/voice'],
    ['https://host.example/a@b?c=d@e', 'https://host.example/a@b?c=d@e'],
  ])('turns %s into %s', (url, signed) => {
    expect(signedFormOf(url)).toBe(signed);
  });
});
