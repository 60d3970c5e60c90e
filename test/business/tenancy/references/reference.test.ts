import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatReference, parseReference } from '../../../../src/business/tenancy/references/reference.ts';

describe('a reference', () => {
  it('is understood as it is written, and as it is said', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ticket' as const, 'order' as const, 'booking' as const),
        fc.integer({ min: 1, max: 999_999_999 }),
        (kind, value) => {
          const reference = formatReference(kind, value);
          const said = [
            reference,
            reference.toLowerCase(),
            reference.replace('-', ' '),
            String(value),
            ` ${kind} ${value} `,
          ];
          for (const text of said) expect(parseReference(kind, text)).toBe(reference);
        },
      ),
    );
  });

  it('of another kind, or no number at all, is none', () => {
    expect(parseReference('ticket', 'O-1001')).toBeUndefined();
    expect(parseReference('order', 'my order')).toBeUndefined();
    expect(parseReference('order', '+14155550123456')).toBeUndefined();
  });

  it('never throws and stays quick, whatever is said', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (text) => {
        expect(parseReference('booking', text) ?? 'B-1').toMatch(/^B-\d{1,9}$/);
      }),
    );
  });
});
