import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseAgent, linesOf } from '../../../../src/business/line/directory/choose-agent.ts';
import type { AnsweringAgent, DialledLine } from '../../../../src/business/line/directory/line.ts';
import { newId } from '../../../../src/platform/data/ids.ts';
import { dialledLine, testLine } from '../../../support/call-harness.ts';

const line = testLine();
const noon = new Date('2026-11-24T12:00:00Z');

function anAgent(name: string): AnsweringAgent {
  return { agentId: newId('agt'), agentVersionId: newId('agv'), agent: { ...line.agent, name } };
}

const [day, other, night] = [anAgent('Day'), anAgent('Other'), anAgent('Night')];

function dialled(overrides: Partial<DialledLine> = {}): DialledLine {
  return { ...dialledLine(line), agents: [{ ...day, weight: 100 }], ...overrides };
}

function answeredBy(
  number: DialledLine,
  {
    callerPhone = '+14155550100',
    now = noon,
    random = () => 0,
  }: Partial<Parameters<typeof chooseAgent>[1]> = {},
): string {
  const answer = chooseAgent(number, { callerPhone, now, random });
  return answer.type === 'agent' ? answer.line.agent.name : answer.type;
}

const phone = fc.integer({ min: 0, max: 9_999_999 }).map((n) => `+1415${String(n).padStart(7, '0')}`);

describe('who answers', () => {
  it('is the one agent there is, with everything a call needs', () => {
    const answer = chooseAgent(dialled(), { now: noon, callerPhone: undefined, random: () => 0.3 });
    const { number, numberId, tenantId, businessName, timeZone } = line;
    expect(answer).toEqual({
      type: 'agent',
      line: { number, numberId, tenantId, businessName, timeZone, ...day },
    });
  });

  it('is nobody where nothing is published', () => {
    expect(answeredBy(dialled({ agents: [] }))).toBe('nobody');
  });

  it('is nobody of a business that the platform has stopped, whatever else is set', () => {
    const afterHours = { type: 'message', text: 'Closed.' } as const;
    expect(answeredBy(dialled({ isSuspended: true, afterHours }))).toBe('suspended');
  });

  it('is the same for the same caller, whenever they call', () => {
    const number = dialled({ agents: [day, other, night].map((agent) => ({ ...agent, weight: 50 })) });
    fc.assert(
      fc.property(phone, fc.date({ noInvalidDate: true }), (callerPhone, now) => {
        expect(answeredBy(number, { callerPhone, now })).toBe(answeredBy(number, { callerPhone }));
      }),
    );
  });

  it('follows the weights', () => {
    const number = dialled({
      agents: [
        { ...day, weight: 80 },
        { ...other, weight: 20 },
      ],
    });
    const callers = Array.from({ length: 4_000 }, (_, n) => `+1415${String(5_550_000 + n)}`);
    const others = callers.filter((callerPhone) => answeredBy(number, { callerPhone }) === 'Other').length;
    expect(others / callers.length).toBeGreaterThan(0.17);
    expect(others / callers.length).toBeLessThan(0.23);
  });

  it('changes for nobody it need not when an agent gets more weight', () => {
    const weighing = (weight: number) =>
      dialled({
        agents: [
          { ...day, weight: 50 },
          { ...other, weight },
        ],
      });
    fc.assert(
      fc.property(phone, (callerPhone) => {
        if (answeredBy(weighing(20), { callerPhone }) !== 'Other') return;
        expect(answeredBy(weighing(60), { callerPhone })).toBe('Other');
      }),
    );
  });

  it('is drawn for callers who withhold their number', () => {
    const number = dialled({ agents: [day, other].map((agent) => ({ ...agent, weight: 50 })) });
    const names = Array.from({ length: 40 }, (_, n) =>
      chooseAgent(number, { now: noon, callerPhone: undefined, random: () => n / 40 }),
    ).map((answer) => (answer.type === 'agent' ? answer.line.agent.name : answer.type));
    expect(new Set(names)).toEqual(new Set(['Day', 'Other']));
  });
});

describe('outside the opening hours', () => {
  // A Tuesday in London; the clocks are at UTC then.
  const hours = {
    timeZone: 'Europe/London',
    weekly: [{ weekday: 2, opensAtMinute: 9 * 60, closesAtMinute: 18 * 60 }],
    exceptions: [{ localDate: '2026-12-01', opensAtMinute: null, closesAtMinute: null }],
  };
  const afterHours = { type: 'agent', ...night } as const;
  const at = (time: string, overrides: Partial<DialledLine> = {}) =>
    answeredBy(dialled({ hours, afterHours, ...overrides }), { now: new Date(time) });

  it('is the after-hours agent, to the minute', () => {
    expect(at('2026-11-24T08:59:59Z')).toBe('Night');
    expect(at('2026-11-24T09:00:00Z')).toBe('Day');
    expect(at('2026-11-24T17:59:59Z')).toBe('Day');
    expect(at('2026-11-24T18:00:00Z')).toBe('Night');
    expect(at('2026-11-25T12:00:00Z')).toBe('Night');
  });

  it('goes by the clocks of the business, also when they change', () => {
    expect(at('2026-06-02T08:00:00Z')).toBe('Day');
    expect(at('2026-06-02T17:00:00Z')).toBe('Night');
    expect(at('2026-11-24T14:00:00Z', { hours: { ...hours, timeZone: 'America/New_York' } })).toBe('Day');
    expect(at('2026-11-24T13:59:00Z', { hours: { ...hours, timeZone: 'America/New_York' } })).toBe('Night');
  });

  it('knows the days that differ', () => {
    expect(at('2026-12-01T12:00:00Z')).toBe('Night');
  });

  it('is a message in the language of the line', () => {
    const message = { type: 'message', text: 'We are closed.' } as const;
    const number = dialled({ hours, afterHours: message });
    const now = new Date('2026-11-25T12:00:00Z');
    expect(chooseAgent(number, { now, callerPhone: undefined, random: () => 0 })).toEqual({
      type: 'message',
      text: 'We are closed.',
      language: 'en-US',
    });
  });

  it('is as always where the business has not said when it is open, or nobody is set for it', () => {
    const { hours: _, ...withoutHours } = dialled({ hours, afterHours });
    expect(answeredBy(withoutHours, { now: new Date('2026-11-25T12:00:00Z') })).toBe('Day');
    expect(at('2026-11-25T12:00:00Z', { afterHours: undefined })).toBe('Day');
  });

  it('counts among the lines that have to be ready', () => {
    const names = linesOf(dialled({ hours, afterHours })).map(({ agent }) => agent.name);
    expect(names).toEqual(['Day', 'Night']);
  });
});
