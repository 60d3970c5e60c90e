import { describe, expect, it } from 'vitest';
import { RequestWindows } from '../../../src/business/api-keys/request-limit.ts';
import { FakeClock } from '../../support/fake-clock.ts';

describe('the requests of a key', () => {
  it('are counted for a minute, and then anew', () => {
    const clock = new FakeClock();
    const windows = new RequestWindows(clock);
    expect(windows.count('a')).toEqual({ count: 1, resetSeconds: 60 });
    clock.advance(30_500);
    expect(windows.count('a')).toEqual({ count: 2, resetSeconds: 30 });
    expect(windows.count('b')).toEqual({ count: 1, resetSeconds: 60 });
    clock.advance(29_500);
    expect(windows.count('a')).toEqual({ count: 1, resetSeconds: 60 });
  });

  it('are forgotten when their minute is over, so that old keys take no room', () => {
    const clock = new FakeClock();
    const windows = new RequestWindows(clock);
    for (let key = 0; key < 1_000; key += 1) windows.count(String(key));
    expect(windows.size).toBe(1_000);
    clock.advance(60_000);
    windows.count('new');
    expect(windows.size).toBe(1);
  });
});
