import { describe, expect, it } from 'vitest';
import { PlayoutClock, type PlayoutMember } from '../../../src/call/reply/playout-clock.ts';
import type { Clock } from '../../../src/platform/process/clock.ts';
import { FakeClock } from '../../support/fake-clock.ts';

class Member implements PlayoutMember {
  readonly ticksAtMs: number[] = [];

  onPlayoutTick(nowMs: number): void {
    this.ticksAtMs.push(nowMs);
  }
}

/** Timers of a busy event loop: they fire late, and by a different amount every time. */
class LateClock implements Clock {
  readonly inner = new FakeClock();
  stalledMs = 0;
  #count = 0;

  nowMs(): number {
    return this.inner.nowMs() + this.stalledMs;
  }

  date(): Date {
    return this.inner.date();
  }

  after(delayMs: number, callback: () => void): () => void {
    this.#count += 1;
    return this.inner.after(delayMs + (this.#count % 3), callback);
  }
}

describe('PlayoutClock', () => {
  it('serves each member every 100 ms, and each tick a fifth of them', () => {
    const clock = new FakeClock();
    const playoutClock = new PlayoutClock({ clock });
    const members = Array.from({ length: 400 }, () => new Member());
    for (const member of members) playoutClock.join(member);
    clock.advance(10_000);
    const perTick = new Map<number, number>();
    for (const { ticksAtMs } of members) {
      expect(ticksAtMs).toHaveLength(100);
      for (const atMs of ticksAtMs) perTick.set(atMs, (perTick.get(atMs) ?? 0) + 1);
    }
    expect([...perTick.values()].every((count) => count === 80)).toBe(true);
  });

  it('does not drift when timers are late', () => {
    const clock = new LateClock();
    const playoutClock = new PlayoutClock({ clock });
    const member = new Member();
    playoutClock.join(member);
    clock.inner.advance(60_000);
    expect(member.ticksAtMs).toHaveLength(600);
  });

  it('[F19] serves everyone once after a stall, and then goes on in step', () => {
    const clock = new LateClock();
    const playoutClock = new PlayoutClock({ clock });
    const members = Array.from({ length: 10 }, () => new Member());
    for (const member of members) playoutClock.join(member);
    clock.inner.advance(1_000);
    const before = members.map(({ ticksAtMs }) => ticksAtMs.length);
    clock.stalledMs = 5_000;
    clock.inner.advance(25);
    // Two members may already have had their next regular tick.
    const served = members.map(({ ticksAtMs }, n) => ticksAtMs.length - before[n]!);
    expect(Math.min(...served)).toBe(1);
    expect(served.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(members.length + 2);
    clock.inner.advance(1_000);
    for (const [n, { ticksAtMs }] of members.entries()) {
      expect(ticksAtMs.length - before[n]!).toBeGreaterThanOrEqual(10);
      expect(ticksAtMs.length - before[n]!).toBeLessThanOrEqual(12);
    }
  });

  it('[L15] has a timer only while it has members', () => {
    const clock = new FakeClock();
    const playoutClock = new PlayoutClock({ clock });
    const [a, b] = [new Member(), new Member()];
    expect(clock.pendingTimers).toBe(0);
    playoutClock.join(a);
    playoutClock.join(a);
    playoutClock.join(b);
    expect([playoutClock.memberCount, clock.pendingTimers]).toEqual([2, 1]);
    clock.advance(500);
    playoutClock.leave(a);
    clock.advance(500);
    playoutClock.leave(b);
    playoutClock.leave(b);
    expect([playoutClock.memberCount, clock.pendingTimers]).toEqual([0, 0]);
    expect([a.ticksAtMs.length, b.ticksAtMs.length]).toEqual([5, 10]);
  });

  it('lets members leave and join while they are served', () => {
    const clock = new FakeClock();
    const playoutClock = new PlayoutClock({ clock });
    let ticks = 0;
    const restless: PlayoutMember = {
      onPlayoutTick() {
        ticks += 1;
        playoutClock.leave(restless);
        if (ticks < 5) playoutClock.join(restless);
      },
    };
    playoutClock.join(restless);
    clock.advance(2_000);
    expect(ticks).toBe(5);
    expect(clock.pendingTimers).toBe(0);
  });

  it('does not let the fault of one call silence the others', () => {
    const clock = new FakeClock();
    const errors: unknown[] = [];
    const playoutClock = new PlayoutClock({ clock, onError: (error) => errors.push(error) });
    const fault = new Error('broken call');
    const member = new Member();
    playoutClock.join({
      onPlayoutTick() {
        throw fault;
      },
    });
    playoutClock.join(member);
    clock.advance(1_000);
    expect(member.ticksAtMs).toHaveLength(10);
    expect(errors).toHaveLength(10);
    expect(errors[0]).toBe(fault);
  });
});
