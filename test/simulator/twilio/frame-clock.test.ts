import { describe, expect, it } from 'vitest';
import { FrameClock } from '../../../simulator/twilio/frame-clock.ts';
import { FakeClock } from '../../support/fake-clock.ts';

describe('FrameClock', () => {
  it('beats fifty times a second without drift, however late its timers are', () => {
    const time = new FakeClock();
    let lateness = 0;
    const clock = new FrameClock({
      nowMs: () => time.nowMs(),
      after: (delayMs, callback) => time.after(delayMs + (lateness = (lateness + 3.7) % 9), callback),
    });
    let beats = 0;
    clock.subscribe(() => (beats += 1));
    for (let second = 1; second <= 600; second += 1) {
      time.advance(1_000);
      expect(Math.abs(beats - second * 50)).toBeLessThanOrEqual(1);
    }
  });

  it('serves many calls with one timer, spread over the frame', () => {
    const time = new FakeClock();
    const clock = new FrameClock(time);
    const beats = Array.from({ length: 40 }, () => [] as number[]);
    const ends = beats.map((own) => clock.subscribe(() => own.push(time.nowMs())));
    expect(time.pendingTimers).toBe(1);
    time.advance(2_000);
    for (const own of beats) {
      expect(own.length).toBeGreaterThanOrEqual(99);
      expect(own.length).toBeLessThanOrEqual(101);
      expect(own.slice(1).every((atMs, i) => Math.abs(atMs - own[i]! - 20) < 1e-6)).toBe(true);
    }
    expect(new Set(beats.map((own) => Math.round(own[0]! % 20))).size).toBe(10);
    for (const end of ends) end();
    expect(time.pendingTimers).toBe(0);
  });

  it('gives a call its first frame within 20 ms, also while others are served', () => {
    const time = new FakeClock();
    const clock = new FrameClock(time);
    clock.subscribe(() => undefined);
    for (let call = 0; call < 25; call += 1) {
      time.advance(13);
      const startedAtMs = time.nowMs();
      let firstMs: number | undefined;
      clock.subscribe(() => (firstMs ??= time.nowMs()));
      time.advance(20.001);
      expect(firstMs! - startedAtMs).toBeLessThanOrEqual(20);
      expect(firstMs! - startedAtMs).toBeGreaterThanOrEqual(0);
    }
  });

  it('does not replay the time that the process was suspended', () => {
    let nowMs = 0;
    let due: (() => void) | undefined;
    const clock = new FrameClock({
      nowMs: () => nowMs,
      after: (_, callback) => {
        due = callback;
        return () => (due = undefined);
      },
    });
    let beats = 0;
    clock.subscribe(() => (beats += 1));
    nowMs = 3_600_000;
    due!();
    expect(beats).toBeLessThanOrEqual(2);
  });
});
