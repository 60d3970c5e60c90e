import { describe, expect, it } from 'vitest';
import { spokenPrice, spokenTime } from '../../../src/agent/tools/spoken.ts';
import { agentConfig } from '../agent-fixture.ts';

const at = new Date('2026-11-24T15:30:00Z');

describe('times and prices that a tool gives the model', () => {
  it.each([
    ['en-US', 'Tuesday, November 24 at 10:30 AM', '$1,234.50'],
    ['de-DE', 'Dienstag, 24. November um 10:30', '1.234,50 $'],
    ['es-ES', 'martes, 24 de noviembre, 10:30', '1234,50 US$'],
    ['fr-FR', 'mardi 24 novembre à 10:30', '1 234,50 $US'],
  ])('are in the language of the agent: %s', (language, time, price) => {
    const context = { agent: agentConfig({ language }), timeZone: 'America/New_York' };
    expect(spokenTime(at, context)).toBe(time);
    expect(spokenPrice(123_450, 'USD', context)).toBe(price);
  });

  it('are in English for a language tag that is well formed and unknown to Intl', () => {
    const context = { agent: agentConfig({ language: 'en-abcdefgh-abcdefgh' }), timeZone: 'UTC' };
    expect(spokenTime(at, context)).toBe('Tuesday, November 24 at 3:30 PM');
  });
});
