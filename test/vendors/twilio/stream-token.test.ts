import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallSid } from '../../../src/business/tenancy/ids/ids.ts';
import { StreamTokens } from '../../../src/vendors/twilio/stream-token.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const callSid = 'CA00000000000000000000000000000001' as CallSid;

function setUp(): { tokens: StreamTokens; clock: FakeClock } {
  const clock = new FakeClock();
  return { clock, tokens: new StreamTokens({ tokenSecret: 'secret', clock }) };
}

describe('a stream token', () => {
  it('[F13] is good once, for the call it was made for', () => {
    const { tokens } = setUp();
    const token = tokens.issue(callSid);
    expect(tokens.redeem(token)).toEqual({ outcome: 'valid', callSid });
    expect(tokens.redeem(token)).toEqual({ outcome: 'refused', reason: 'used' });
  });

  it('[F13] is good for 60 seconds and not for 301, used before or not', () => {
    const { tokens, clock } = setUp();
    const [early, late, spent] = [tokens.issue(callSid), tokens.issue(callSid), tokens.issue(callSid)];
    tokens.redeem(spent);
    clock.advance(59_999);
    expect(tokens.redeem(early).outcome).toBe('valid');
    clock.advance(1);
    expect(tokens.redeem(late)).toEqual({ outcome: 'refused', reason: 'expired' });
    clock.advance(241_000);
    expect(tokens.redeem(spent)).toEqual({ outcome: 'refused', reason: 'expired' });
  });

  it('[F13] cannot be replayed after the memory of spent tokens was swept', () => {
    const { tokens, clock } = setUp();
    const token = tokens.issue(callSid);
    tokens.redeem(token);
    clock.advance(60_000);
    tokens.redeem(tokens.issue(callSid));
    expect(tokens.redeem(token).outcome).toBe('refused');
  });

  it('fits a TwiML parameter, whose name and value share 500 characters', () => {
    expect(setUp().tokens.issue(callSid).length).toBeLessThan(300);
  });

  it('is good at another node with the same secret only', () => {
    const { tokens, clock } = setUp();
    const token = tokens.issue(callSid);
    const stranger = new StreamTokens({ tokenSecret: 'other', clock });
    expect(stranger.redeem(token)).toEqual({ outcome: 'refused', reason: 'forged' });
    expect(new StreamTokens({ tokenSecret: 'secret', clock }).redeem(token).outcome).toBe('valid');
  });

  it('[F13] is refused with any one character changed', () => {
    const { tokens } = setUp();
    const token = tokens.issue(callSid);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('A', 'z', '0', '.', '-'), (at, character) => {
        fc.pre(token[at] !== character);
        const forged = token.slice(0, at) + character + token.slice(at + 1);
        // The last characters of base64 hold spare bits: the same bytes may be written in two ways.
        fc.pre(
          !Buffer.from(forged, 'base64url').equals(Buffer.from(token, 'base64url')) || at < token.length - 2,
        );
        fc.pre(at < token.length - 1);
        expect(tokens.redeem(forged).outcome).toBe('refused');
      }),
    );
  });

  it('never throws on junk', () => {
    const { tokens } = setUp();
    fc.assert(
      fc.property(fc.string(), (junk) => {
        expect(tokens.redeem(junk).outcome).toBe('refused');
      }),
    );
  });
});
