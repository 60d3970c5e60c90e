import { describe, expect, it } from 'vitest';
import { RequestWindows } from '../../../src/platform/http/request-counter.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function someWindows() {
  const clock = new FakeClock();
  return { clock, windows: new RequestWindows({ clock, windowMs: 60_000 }) };
}

describe('requests', () => {
  it('are counted for a window, and then anew', () => {
    const { clock, windows } = someWindows();
    expect(windows.count('a')).toEqual({ count: 1, resetMs: 60_000 });
    clock.advance(30_500);
    expect(windows.count('a')).toEqual({ count: 2, resetMs: 29_500 });
    expect(windows.count('b')).toEqual({ count: 1, resetMs: 60_000 });
    clock.advance(29_500);
    expect(windows.count('a')).toEqual({ count: 1, resetMs: 60_000 });
  });

  it('are forgotten when their window is over, so that old keys take no room', () => {
    const { clock, windows } = someWindows();
    for (let key = 0; key < 1_000; key += 1) windows.count(String(key));
    expect(windows.size).toBe(1_000);
    clock.advance(60_000);
    windows.count('new');
    expect(windows.size).toBe(1);
  });
});
