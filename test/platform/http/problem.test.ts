import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/platform/data/db.ts';
import { isDatabaseUnavailable } from '../../../src/platform/http/problem.ts';

const coded = (code: string): Error => Object.assign(new Error('x'), { code });

describe('telling a database outage from a programming error', () => {
  it.each(['ECONNREFUSED', 'ETIMEDOUT', '57P01', '57P03', '08006', '53300', '57014'])(
    '%s is an outage',
    (code) => {
      expect(isDatabaseUnavailable(coded(code))).toBe(true);
    },
  );

  it.each(['23505', '42501', '42P01', '22P02', '40001'])('%s is not', (code) => {
    expect(isDatabaseUnavailable(coded(code))).toBe(false);
    expect(isDatabaseUnavailable('a string')).toBe(false);
  });

  it('recognises the errors of a driver whose server is not listening', async () => {
    const logger = { error: (): void => undefined };
    const databaseUrl = 'postgres://nobody@localhost:1/none';
    await using database = await openDatabase({ databaseUrl, dataDir: '', logger });
    const asked = await database.pool.query('select 1').catch((error: unknown) => error);
    expect(isDatabaseUnavailable(asked)).toBe(true);
  });
});
