import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRefusal, wordRefusal } from '../../../src/agent/tools/word-refusal.ts';
import { parsePhone } from '../../../src/business/customers/phone.ts';
import { Conflict, Unavailable } from '../../../src/platform/process/errors.ts';

function refusalOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('a refusal worded for the model', () => {
  it('has the code, the neutral sentence for clients, and the next step for the agent', () => {
    const refused = refusalOf(() => parsePhone('020 7946', '/customer/phone'));
    expect(refused).toMatchObject({
      problems: [{ pointer: '/customer/phone' }],
      data: { value: '020 7946' },
    });
    if (!isRefusal(refused)) throw new Error('Not refused.');
    expect(wordRefusal(refused)).toEqual({
      status: 'refused',
      code: 'not-a-phone-number',
      reason: '"020 7946" is not a phone number with its country code.',
      next: 'Ask for the number again, with the country code in front.',
    });
  });

  it('has no next step for a code that needs none', () => {
    expect(wordRefusal(new Conflict('Somebody was faster.'))).toEqual({
      status: 'refused',
      code: 'conflict',
      reason: 'Somebody was faster.',
    });
  });

  it('is made of what the model can act on; a server that is busy is a failure', () => {
    expect(isRefusal(new Unavailable('Later.', 2))).toBe(false);
  });

  it('is the only place that tells an agent what to do: services state facts', () => {
    const folders = ['desk', 'customers', 'catalog'].map((name) => join('src/business', name));
    const directions = folders
      .flatMap((folder) =>
        readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
      )
      .filter((name) => name.endsWith('.ts'))
      .filter((name) =>
        /new (Conflict|InvalidInput|NotFound|Forbidden)\(\s*['`"][^'`"]*\b(ask|tell|offer to|take a message|caller's)\b/i.test(
          readFileSync(name, 'utf8'),
        ),
      );
    expect(directions).toEqual([]);
  });
});
