import { describe, expect, it } from 'vitest';
import { allScenarios, getScenario } from '../../simulator/scenarios/all-scenarios.ts';

describe('the scenarios', () => {
  it('have names of their own, the demo first', () => {
    const names = allScenarios.map(({ name }) => name);
    expect(names[0]).toBe('appointment');
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(getScenario(name).name).toBe(name);
    expect(() => getScenario('nonsense')).toThrow('appointment');
  });

  it('are plain data that can cross to another process', () => {
    for (const scenario of allScenarios) expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario);
  });

  it('wait for words by expressions that can be read', () => {
    const cues = allScenarios.flatMap(({ steps }) => steps.map(({ when }) => when));
    const patterns = cues.flatMap((cue) =>
      typeof cue === 'object' && 'afterAgentSays' in cue ? [cue.afterAgentSays] : [],
    );
    expect(patterns.length).toBeGreaterThan(0);
    for (const pattern of patterns) expect(() => new RegExp(pattern, 'i')).not.toThrow();
  });
});
