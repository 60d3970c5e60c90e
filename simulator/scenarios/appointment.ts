import type { Scenario } from '../scenario.ts';

/** The demo's call: a customer the shop knows books a tune-up, asks about an order, and has a complaint. */
export const appointment: Scenario = {
  name: 'appointment',
  description:
    'Books a tune-up, cuts the agent short once, asks about an order, has a ticket opened, says goodbye.',
  caller: { phone: '+14155550123' },
  steps: [
    // Works for known and unknown callers.
    {
      say: "Hi, my name is Maya Lindgren. I'd like to book a tune-up for my bicycle on Thursday at ten in the morning, please.",
    },
    { say: 'Yes, that works for me.' },
    // Interrupts the agent.
    { say: 'Sorry, before you go on: where is my order, please?', when: { intoAgentSpeechMs: 1_200 } },
    { say: 'Thank you. There is also a problem: the light set I ordered last month is broken.' },
    { say: 'Yes, please open a ticket. The front light does not switch on any more.' },
    { say: 'No, thank you, that is all. Goodbye.' },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};
