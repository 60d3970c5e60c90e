import type { CancelTimer, Clock } from '../../platform/process/clock.ts';

/** A call that has audio to send. */
export interface PlayoutMember {
  /** Called about every 100 ms, and once after a stall, whatever the number of missed ticks. Must not throw. */
  onPlayoutTick(nowMs: number): void;
}

const TICK_MS = 20;
/** Members are spread over this many ticks, so that each is served every 100 ms and no tick serves all calls. */
const SLOTS = 5;

/**
 * One timer paces the audio of all calls of the process: hundreds of separate intervals cost four times the CPU and
 * drift. Ticks are scheduled by the monotonic clock. It runs only while it has members.
 */
export class PlayoutClock {
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #slots: readonly Set<PlayoutMember>[] = Array.from({ length: SLOTS }, () => new Set());
  readonly #slotOf = new Map<PlayoutMember, Set<PlayoutMember>>();
  readonly #wake = (): void => this.#serve();
  #startedAtMs = 0;
  #servedTicks = 0;
  #cancelTimer: CancelTimer | undefined;

  constructor(deps: { readonly clock: Clock; readonly onError?: (error: unknown) => void }) {
    this.#clock = deps.clock;
    this.#onError = deps.onError ?? (() => undefined);
  }

  get memberCount(): number {
    return this.#slotOf.size;
  }

  join(member: PlayoutMember): void {
    if (this.#slotOf.has(member)) return;
    const slot = this.#emptiestSlot();
    slot.add(member);
    this.#slotOf.set(member, slot);
    if (this.#slotOf.size > 1) return;
    this.#startedAtMs = this.#clock.nowMs();
    this.#servedTicks = 0;
    this.#arm();
  }

  leave(member: PlayoutMember): void {
    this.#slotOf.get(member)?.delete(member);
    this.#slotOf.delete(member);
    if (this.#slotOf.size > 0) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #serve(): void {
    this.#cancelTimer = undefined;
    const nowMs = this.#clock.nowMs();
    const dueTicks = Math.floor((nowMs - this.#startedAtMs) / TICK_MS);
    // After a stall every slot is late and is served once, because members go by the time and not by the number of
    // ticks.
    const ticksToServe = Math.min(dueTicks - this.#servedTicks, SLOTS);
    for (let tick = dueTicks - ticksToServe + 1; tick <= dueTicks; tick += 1) {
      for (const member of this.#slots[tick % SLOTS]!) this.#serveMember(member, nowMs);
    }
    this.#servedTicks = dueTicks;
    if (this.#slotOf.size > 0) this.#arm();
  }

  /** An error in one call must not stop the audio of the others. */
  #serveMember(member: PlayoutMember, nowMs: number): void {
    try {
      member.onPlayoutTick(nowMs);
    } catch (error) {
      this.#onError(error);
    }
  }

  #arm(): void {
    // If a member left and joined again while it was served, the timer is already set.
    if (this.#cancelTimer !== undefined) return;
    const dueAtMs = this.#startedAtMs + (this.#servedTicks + 1) * TICK_MS;
    // Rounded up, because timers truncate fractions and would fire just before the tick is due.
    this.#cancelTimer = this.#clock.after(Math.ceil(dueAtMs - this.#clock.nowMs()), this.#wake);
  }

  #emptiestSlot(): Set<PlayoutMember> {
    return this.#slots.reduce((emptiest, slot) => (slot.size < emptiest.size ? slot : emptiest));
  }
}
