import type { Scenario, Step } from '../simulator/scenario.ts';

/** More than fit into a measurement, at whose end the calls are stopped. */
const MANY = 200;
export const question = 'Could you tell me whether you are open on Saturday?';

/** Asks, hears the answer to its end, and asks again. */
export const politeCaller: Scenario = {
  name: 'bench-polite',
  description: 'Asks, listens to the end, and asks again.',
  caller: { phone: '+14155550000' },
  steps: steps({ say: question }),
};

/** Speaks into every answer. */
export const impatientCaller: Scenario = {
  name: 'bench-impatient',
  description: 'Speaks into every answer before it is over.',
  caller: { phone: '+14155550000' },
  steps: [{ say: question }, ...steps({ say: question, when: { intoAgentSpeechMs: 900 } })],
};

function steps(step: Step): Step[] {
  return Array.from({ length: MANY }, () => step);
}
