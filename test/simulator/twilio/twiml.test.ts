import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTwiml } from '../../../simulator/twilio/twiml.ts';
import { parseXml } from '../../../simulator/twilio/xml.ts';

const escape = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

describe('parseXml', () => {
  it('gives back any text and attribute that was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (text, value) => {
        const source = `<?xml version="1.0"?><a b="${escape(value)}"><!-- not this --><c>${escape(text)}</c></a>`;
        const root = parseXml(source);
        expect(root.attributes['b']).toBe(value);
        expect(root.children[0]!.text).toBe(text);
      }),
    );
  });

  it.each([
    '<a>',
    '<a></b>',
    '</a>',
    '<a/><b/>',
    'text',
    '<a b="1" b="2"/>',
    '<a>&nope;</a>',
    '<a b=c/>',
    '<a',
  ])('refuses %s', (source) => {
    expect(() => parseXml(source)).toThrow(/.+/);
  });
});

describe('parseTwiml', () => {
  it('reads the documents of a live call', () => {
    const verbs = parseTwiml(`<?xml version="1.0" encoding="UTF-8"?>
      <Response>
        <Connect action="https://h/after">
          <Stream url="wss://h/media"><Parameter name="token" value="a&amp;b"/></Stream>
        </Connect>
        <Redirect method="POST">https://h/after?x=1&amp;y=2</Redirect>
      </Response>`);
    expect(verbs).toEqual([
      {
        verb: 'connect',
        action: 'https://h/after',
        method: 'POST',
        stream: {
          url: 'wss://h/media',
          name: undefined,
          statusCallback: undefined,
          parameters: { token: 'a&b' },
        },
      },
      { verb: 'redirect', url: 'https://h/after?x=1&y=2', method: 'POST' },
    ]);
  });

  it('reads <Dial> with a number inside or as text', () => {
    const twiml =
      '<Response><Dial timeout="25" action="/r"><Number url="/w">+1555</Number></Dial><Dial>+1666</Dial></Response>';
    expect(parseTwiml(twiml)).toMatchObject([
      { verb: 'dial', numbers: ['+1555'], timeoutMs: 25_000, action: '/r' },
      { verb: 'dial', numbers: ['+1666'], timeoutMs: 30_000, action: undefined },
    ]);
  });

  it.each([
    ['<Response><Connect><Stream url="wss://h" track="both_tracks"/></Connect></Response>', 31_941],
    ['<Response><Connect/></Response>', 12_200],
    ['<Response><Shout/></Response>', 12_200],
    ['<Answer/>', 12_100],
    ['hello', 12_100],
    [
      `<Response><Connect><Stream url="wss://h"><Parameter name="a" value="${'x'.repeat(499)}"/></Stream></Connect></Response>`,
      12_200,
    ],
  ])('refuses %s', (source, code) => {
    expect(() => parseTwiml(source)).toThrow(expect.objectContaining({ name: 'TwimlError', code }) as Error);
  });
});
