import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mediaMs } from '../../../src/call/clocks.ts';
import { CarrierLink } from '../../../src/call/reply/carrier-link.ts';
import { HeardPosition } from '../../../src/call/reply/heard-position.ts';
import { PlayoutClock } from '../../../src/call/reply/playout-clock.ts';
import { Playout } from '../../../src/call/reply/playout.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { PlayingCarrier } from '../../support/playing-carrier.ts';
import { loud } from '../../support/scripted-voice.ts';

describe('HeardPosition', () => {
  it('counts from the send that began a run, and no further than what was sent', () => {
    const position = new HeardPosition();
    expect(position.heardBytes(0, 80)).toBe(0);
    expect(position.send(1_600, 1_000, 80)).toBe(true);
    expect(position.send(800, 1_100, 80)).toBe(false);
    expect(position.heardBytes(1_100, 80)).toBe(800);
    expect(position.heardBytes(9_999, 80)).toBe(2_400);
  });

  it('adds the round trip to what a mark says', () => {
    const position = new HeardPosition();
    position.send(2_400, 1_000, 80);
    // Forty milliseconds later than the send alone would have it.
    position.acknowledge(1_600, 1_300, 60);
    expect(position.heardBytes(1_300, 60)).toBe(1_600 + 480);
    expect(position.heardBytes(1_310, 60)).toBe(1_600 + 480 + 80);
  });

  it('never goes back behind a mark, whatever the clock says', () => {
    const position = new HeardPosition();
    position.send(8_000, 1_000, 80);
    position.acknowledge(1_600, 1_000, 0);
    expect(position.heardBytes(1_000, 0)).toBe(1_600);
    position.acknowledge(800, 1_010, 0);
    position.acknowledge(9_600, 1_010, 0);
    expect(position.ackedBytes).toBe(1_600);
  });

  it('begins a new run when the queue has run dry', () => {
    const position = new HeardPosition();
    position.send(800, 0, 80);
    expect(position.send(800, 300, 80)).toBe(true);
    expect(position.heardBytes(350, 80)).toBe(800 + 400);
  });

  it('does not count the time in which the queue was dry, when the mark before it comes back late', () => {
    const position = new HeardPosition();
    position.send(800, 0, 70);
    expect(position.send(480, 150, 70)).toBe(true);
    // Played to its end at 135, seen one downlink later; 20 ms of the new run are played by then.
    position.acknowledge(800, 170, 70);
    expect([position.ackedBytes, position.heardBytes(170, 70)]).toEqual([800, 800 + 160]);
  });

  it('lets a mark show that the queue was not dry, although it should have been', () => {
    const position = new HeardPosition();
    position.send(800, 0, 70);
    expect(position.send(1_600, 110, 70)).toBe(true);
    position.acknowledge(800, 260, 70);
    expect(position.heardBytes(300, 70)).toBe(800 + (40 + 70) * 8);
  });

  it('goes on from where it was stopped', () => {
    const position = new HeardPosition();
    position.send(2_400, 0, 80);
    position.rewind(1_000);
    expect([position.sentBytes, position.ackedBytes, position.heardBytes(500, 80)]).toEqual([
      1_000, 1_000, 1_000,
    ]);
    expect(position.send(800, 1_000, 80)).toBe(true);
    expect(position.heardBytes(1_050, 80)).toBe(1_400);
  });
});

/** A playout on a network with delays between `minMs` and `maxMs` each way. */
function setUp(seed: number, minMs: number, maxMs: number) {
  const clock = new FakeClock();
  const playoutClock = new PlayoutClock({ clock });
  let state = seed;
  const delayMs = (): number => {
    // A small generator of its own, so that a failing case can be played again.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return minMs + ((maxMs - minMs) * state) / 0xffff_ffff;
  };
  const carrier = new PlayingCarrier(clock, { uplinkMs: delayMs, downlinkMs: delayMs });
  const link = new CarrierLink(clock, undefined);
  const finished: number[] = [];
  const playout = new Playout(
    { clock, playoutClock, link },
    {
      onAudible: () => undefined,
      onProgress: () => undefined,
      onPlayedOut: () => finished.push(clock.nowMs()),
    },
  );
  carrier.onMark = (name) => {
    if (link.takeProbe(name)) return;
    const [generation, bytes] = name.split(':').map(Number);
    playout.onMark(generation!, bytes!);
  };
  link.attach(carrier, { offsetMs: () => mediaMs(clock.nowMs()) });
  clock.advance(1_000);
  return { clock, playoutClock, carrier, playout, finished };
}

/** Speech from a voice: bursts, with a stall now and then. */
const speech = fc.array(
  fc.record({ pauseMs: fc.constantFrom(0, 10, 40, 150, 700), audioMs: fc.integer({ min: 20, max: 900 }) }),
  { minLength: 3, maxLength: 12 },
);

function feed(
  playout: Playout,
  clock: FakeClock,
  pieces: readonly { pauseMs: number; audioMs: number }[],
): number {
  let bytes = 0;
  for (const { pauseMs, audioMs } of pieces) {
    clock.advance(pauseMs);
    playout.append(loud(bytes, audioMs * 8));
    bytes += audioMs * 8;
  }
  return bytes;
}

describe('Playout and the ear', () => {
  it.each([
    // The bounds of 5 to 95 % are those of a long simulation; the worst case is the spread of the delays, twice.
    { minMs: 20, maxMs: 60, usualMs: 28, worstMs: 80 },
    { minMs: 40, maxMs: 120, usualMs: 62, worstMs: 160 },
    { minMs: 30, maxMs: 30, usualMs: 0.2, worstMs: 0.2 },
  ])('knows what was heard on a network of $minMs to $maxMs ms', ({ minMs, maxMs, usualMs, worstMs }) => {
    const errorsMs: number[] = [];
    const property = fc.property(
      fc.nat(),
      speech,
      fc.integer({ min: 50, max: 4_000 }),
      (seed, pieces, waitMs) => {
        const { clock, carrier, playout } = setUp(seed, minMs, maxMs);
        feed(playout, clock, pieces);
        clock.advance(waitMs);
        const estimate = playout.heardBytes();
        playout.close();
        clock.advance(1_000);
        errorsMs.push((estimate - carrier.heard().length) / 8);
      },
    );
    fc.assert(property, { numRuns: 400, seed: 7 });
    const sizes = errorsMs.map(Math.abs).toSorted((a, b) => a - b);
    expect(sizes.at(Math.floor(sizes.length * 0.9))).toBeLessThanOrEqual(usualMs * 1.15);
    expect(sizes.at(-1)).toBeLessThanOrEqual(worstMs);
  });

  it('[L8] neither repeats nor skips a sample, whatever pauses and resumes come', () => {
    const moves = fc.array(
      fc.record({
        waitMs: fc.integer({ min: 0, max: 700 }),
        move: fc.constantFrom('pause', 'resume', 'pause', 'resume', 'wait', 'mark'),
      }),
      { maxLength: 25 },
    );
    const property = fc.property(fc.nat(), speech, moves, (seed, pieces, script) => {
      const { clock, carrier, playout, finished, playoutClock } = setUp(seed, 35, 35);
      const bytes = feed(playout, clock, pieces);
      playout.end();
      let lastHeard = 0;
      for (const { waitMs, move } of script) {
        clock.advance(waitMs);
        if (move === 'pause') playout.pause();
        if (move === 'resume') playout.resume();
        // A mark of a generation that is dead or never was.
        if (move === 'mark') playout.onMark(1, bytes);
        const heard = playout.heardBytes();
        expect(heard).toBeGreaterThanOrEqual(lastHeard - 1);
        expect(heard).toBeLessThanOrEqual(bytes);
        lastHeard = heard;
      }
      playout.resume();
      clock.advance(bytes / 8 + 5_000);
      expect(finished).toHaveLength(1);
      // With a network of constant delay the account is exact, up to the one sample that a clear may cut in two.
      expect(Math.abs(carrier.heard().length - bytes)).toBeLessThanOrEqual(carrier.clears);
      expect(playoutClock.memberCount).toBe(0);
      expect(clock.pendingTimers).toBe(0);
      // So it is, up to the first such sample, the very audio that was given.
      const [spoken, ear] = [Buffer.from(loud(0, bytes)), carrier.heard()];
      expect(carrier.clears > 0 || spoken.equals(ear)).toBe(true);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('lets be what was played to its end, though its last mark is still on the way', () => {
    const { clock, carrier, playout, finished } = setUp(1, 50, 50);
    playout.append(loud(0, 4_000));
    playout.end();
    clock.advance(550);
    playout.pause();
    expect([carrier.clears, finished.length]).toEqual([0, 0]);
    clock.advance(100);
    expect(finished).toHaveLength(1);
  });

  it('is at the end silent and still after it was closed, whatever came before', () => {
    const moves = fc.array(fc.constantFrom('pause', 'resume', 'close', 'append', 'end', 'tick'), {
      maxLength: 30,
    });
    const property = fc.property(fc.nat(), moves, (seed, script) => {
      const { clock, carrier, playout, playoutClock } = setUp(seed, 10, 90);
      playout.append(loud(0, 4_000));
      for (const move of script) {
        if (move === 'pause') playout.pause();
        if (move === 'resume') playout.resume();
        if (move === 'close') playout.close();
        if (move === 'append') playout.append(loud(playout.endBytes, 2_000));
        if (move === 'end') playout.end();
        clock.advance(130);
      }
      playout.close();
      const heard = playout.heardBytes();
      const sentBytes = carrier.sentBytes;
      playout.append(loud(0, 4_000));
      playout.resume();
      playout.end();
      clock.advance(10_000);
      expect(carrier.sentBytes).toBe(sentBytes);
      expect(playout.heardBytes()).toBe(heard);
      expect(playoutClock.memberCount).toBe(0);
      expect(clock.pendingTimers).toBe(0);
    });
    fc.assert(property, { numRuns: 200 });
  });
});
