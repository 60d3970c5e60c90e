import { describe, expect, it } from 'vitest';
import { parseByteRange } from '../../../../src/business/record/calls/recordings/byte-range.ts';
import { costOfCall } from '../../../../src/business/record/calls/finish/cost.ts';
import { deriveOutcome } from '../../../../src/business/record/calls/finish/outcome.ts';
import { summariseCall } from '../../../../src/business/record/calls/finish/summary.ts';
import { listPrices } from '../../../../src/vendors/prices.ts';
import { usage } from './a-call.ts';

describe('the cost of a call', () => {
  it('names what it has no price for instead of calling it free', () => {
    const unknown = { ...usage, sttVendor: 'ears', ttsVendor: 'mouth' };
    const cost = costOfCall(unknown, [{ ...usage, model: 'brain' }], listPrices);
    expect(cost.unpriced.toSorted()).toEqual(['brain', 'ears', 'mouth']);
    expect(cost.totalMicros).toBe(cost.telephonyMicros);
  });

  it('charges started minutes for the telephone, and nothing for what was not used', () => {
    const silent = { ...usage, callSeconds: 0, sttSeconds: 0, ttsCharacters: 0 };
    expect(costOfCall(silent, [], listPrices)).toMatchObject({ totalMicros: 0, unpriced: [] });
    const telephony = (callSeconds: number) =>
      costOfCall({ ...silent, callSeconds }, [], listPrices).telephonyMicros;
    expect([telephony(1), telephony(60), telephony(60.1)]).toEqual([12_500, 12_500, 25_000]);
  });

  it('goes by the prices it is given', () => {
    const prices = {
      currency: 'USD' as const,
      speechToTextPerMinute: { 'deepgram-flux': 1 },
      modelPerMillionTokens: { 'gpt-6-luna': { input: 2, cachedInput: 1, output: 10 } },
      textToSpeechPerThousandCharacters: { elevenlabs: 1 },
      telephonyPerMinute: 0,
    };
    expect(costOfCall(usage, [usage], prices)).toMatchObject({
      speechToTextMicros: 1_000_000,
      modelMicros: 2_000 * 2 + 1_000 * 1 + 100 * 10,
      textToSpeechMicros: 200_000,
      telephonyMicros: 0,
    });
  });
});

describe('the outcome of a call', () => {
  const after = (...toolCalls: { tool: string; status: 'ok' | 'refused' | null }[]) =>
    deriveOutcome({ callerTurns: 2, transferred: false, toolCalls });

  it('lists what succeeded, each once', () => {
    expect(
      after(
        { tool: 'book_appointment', status: 'ok' },
        { tool: 'book_appointment', status: 'ok' },
        { tool: 'create_ticket', status: 'ok' },
        { tool: 'list_products', status: 'ok' },
      ),
    ).toEqual(['booked', 'ticket-opened']);
  });

  it('is a question answered when nothing was changed, and nothing when nobody spoke', () => {
    expect(after({ tool: 'book_appointment', status: 'refused' })).toEqual(['answered-question']);
    expect(after({ tool: 'create_order', status: null })).toEqual(['answered-question']);
    expect(deriveOutcome({ callerTurns: 0, transferred: false, toolCalls: [] })).toEqual(['no-conversation']);
  });
});

describe('the summary of a call', () => {
  const facts = {
    outcomes: ['answered-question'] as const,
    references: [],
    endedReason: null,
    durationMs: 5_000,
  };

  it('quotes the first turn that tells something, and not too much of it', () => {
    const summary = summariseCall({
      ...facts,
      callerTurns: ['Hello?', `Do you ${'really '.repeat(60)}repair wheels?`],
    });
    expect(summary).toMatch(
      /^The caller said: “Do you really .*…” A question was answered\. The call ended after 5 s\.$/,
    );
    expect(summary.length).toBeLessThan(260);
  });

  it('says so when nobody spoke', () => {
    const silent = {
      ...facts,
      callerTurns: [],
      outcomes: ['no-conversation'] as const,
      endedReason: 'silence' as const,
    };
    expect(summariseCall(silent)).toBe('Nobody spoke. The call ended in silence after 5 s.');
  });
});

describe('a range of a recording', () => {
  it.each([
    [undefined, { type: 'whole' }],
    ['bytes=0-', { type: 'part', start: 0, end: 99 }],
    ['bytes=10-19', { type: 'part', start: 10, end: 19 }],
    ['bytes=90-500', { type: 'part', start: 90, end: 99 }],
    ['bytes=-10', { type: 'part', start: 90, end: 99 }],
    ['bytes=-500', { type: 'part', start: 0, end: 99 }],
    ['bytes=100-', { type: 'unsatisfiable' }],
    ['bytes=-0', { type: 'unsatisfiable' }],
    ['bytes=20-10', { type: 'whole' }],
    ['bytes=0-1,5-6', { type: 'whole' }],
    ['lines=1-2', { type: 'whole' }],
  ])('%s of 100 bytes', (header, expected) => {
    expect(parseByteRange(header, 100)).toEqual(expected);
  });
});
