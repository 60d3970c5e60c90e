import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/platform/process/logger.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  write(createLogger({ logLevel: 'info' }, { write: (line) => void (text += line) }));
  return text;
}

describe('the log', () => {
  it('is one JSON line an event, with its level and time in words', () => {
    const text = logged((logger) => logger.info({ callId: 'call_1' }, 'call answered'));
    expect(JSON.parse(text)).toMatchObject({ level: 'info', callId: 'call_1', msg: 'call answered' });
    expect(text).toMatch(/"time":"\d{4}-\d\d-\d\dT/);
  });

  it('never holds a whole phone number, wherever it comes from', () => {
    const text = logged((logger) => {
      logger.info(
        { from: '+15005550199', nested: { deep: [{ to: '+442071838750' }] } },
        'call from +351912345678',
      );
      logger.error({ err: new Error('no line +15005550100') }, 'failed');
      logger.info({ url: '/v1/customers?phone=%2B15005550142' }, 'looked up');
    });
    for (const number of ['15005550199', '442071838750', '351912345678', '15005550100', '15005550142']) {
      expect(text).not.toContain(number);
    }
    expect(text).toContain('+1500…99');
    for (const line of text.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  });

  it('keeps times, amounts and ids as they are', () => {
    const text = logged((logger) =>
      logger.info({ at: '2026-03-01T10:00:00.000+02:00', cents: 123_456_789_012 }, 'x'),
    );
    expect(text).toContain('2026-03-01T10:00:00.000+02:00');
    expect(text).toContain('123456789012');
  });

  it('removes secrets by name', () => {
    const text = logged((logger) => {
      logger.info(
        { authorization: 'Bearer hunter2', config: { apiKey: 'hunter2', authTokens: ['hunter2'] } },
        'x',
      );
      logger.info({ req: { headers: { cookie: 'hunter2' } }, headers: { authorization: 'hunter2' } }, 'x');
    });
    expect(text).not.toContain('hunter2');
  });
});
