import { describe, expect, it } from 'vitest';
import { FailoverPlan } from '../../../src/call/listening/failover-plan.ts';
import { ScriptedRecogniser } from './scripted-recogniser.ts';

const [first, second, third] = ['first', 'second', 'third'].map((name) => new ScriptedRecogniser(name));
const lost = { isRetryable: true, isUnresponsive: false };

describe('the plan of whom to try next', () => {
  it('opens the same once more, then goes round the list', () => {
    const plan = new FailoverPlan([first!, second!, third!]);
    expect(plan.next(first!, lost)?.speechToText).toBe(first);
    expect(plan.next(first!, lost)?.speechToText).toBe(second);
    expect(plan.next(second!, lost)?.speechToText).toBe(third);
    expect(plan.next(third!, lost)?.speechToText).toBe(first);
  });

  it('leaves out who refuses us, and stays with the only one left', () => {
    const plan = new FailoverPlan([first!, second!, third!]);
    const refused = { ...lost, isRetryable: false };
    expect(plan.next(second!, refused)?.speechToText).toBe(third);
    expect(plan.next(third!, refused)?.speechToText).toBe(first);
    expect(plan.next(first!, { ...lost, isUnresponsive: true })?.speechToText).toBe(first);
    expect(plan.next(first!, refused)).toBeUndefined();
  });

  it('begins anew when the one in use has proved itself', () => {
    const plan = new FailoverPlan([first!, second!]);
    expect(plan.next(first!, lost)?.speechToText).toBe(first);
    plan.recovered();
    expect(plan.next(first!, lost)).toEqual({ speechToText: first, delayMs: 0 });
  });
});
