import type { Scenario } from '../scenario.ts';
import { appointment } from './appointment.ts';
import * as everyday from './everyday.ts';
import * as failures from './failures.ts';
import * as manners from './manners.ts';

/** Every scenario that can be played by name; the demo plays the first. */
export const allScenarios: readonly Scenario[] = [
  appointment,
  ...Object.values(everyday),
  ...Object.values(manners),
  ...Object.values(failures),
];

export function getScenario(name: string): Scenario {
  const scenario = allScenarios.find((candidate) => candidate.name === name);
  if (scenario !== undefined) return scenario;
  throw new Error(
    `no scenario is called ${name}; there are ${allScenarios.map((known) => known.name).join(', ')}`,
  );
}
