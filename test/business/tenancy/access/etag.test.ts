import { describe, expect, it } from 'vitest';
import { checkMatch, etagOf } from '../../../../src/business/tenancy/access/etag.ts';
import { StaleVersion } from '../../../../src/platform/process/errors.ts';

describe('an ETag', () => {
  const shown = { id: 'tkt_1', status: 'open' };

  it('is the same for the same resource and another after any change', () => {
    expect(etagOf(shown)).toBe(etagOf({ ...shown }));
    expect(etagOf(shown)).not.toBe(etagOf({ ...shown, status: 'closed' }));
    expect(etagOf(shown)).toMatch(/^"[\w-]{22}"$/);
  });

  it('lets through who has read the current version, or does not ask', () => {
    for (const ifMatch of [undefined, '*', etagOf(shown), `"other", ${etagOf(shown)}`]) {
      expect(() => checkMatch(ifMatch, shown)).not.toThrow();
    }
  });

  it('stops who has read an older one', () => {
    for (const ifMatch of [etagOf({ ...shown, status: 'new' }), '"other"', '', `W/${etagOf(shown)}`]) {
      expect(() => checkMatch(ifMatch, shown)).toThrow(StaleVersion);
    }
  });
});
