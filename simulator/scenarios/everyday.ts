import type { Scenario } from '../scenario.ts';

/** Everyday calls. */

export const order: Scenario = {
  name: 'order',
  description: 'Orders two inner tubes and a floor pump.',
  caller: { phone: '+14155550131' },
  steps: [
    { say: 'Hello, I would like to order two inner tubes and a floor pump, please.' },
    { say: 'My name is Daniel Brooks.', when: { afterAgentSays: 'name' } },
    { say: 'Yes, please place the order.' },
    { say: 'No, thank you, that is all. Goodbye.' },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};

export const ticket: Scenario = {
  name: 'ticket',
  description: 'Complains about a repair that did not last; a ticket is opened.',
  caller: { phone: '+14155550132' },
  steps: [
    { say: 'Hello, there is a problem with my repair. The rear wheel you trued last week is broken again.' },
    { say: 'This is Priya Raman.', when: { afterAgentSays: 'name' } },
    { say: 'Yes, please open a ticket.' },
    { say: 'No, thanks, that is everything. Bye.' },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};

export const knowledge: Scenario = {
  name: 'knowledge',
  description: 'Asks what only the written knowledge of the business tells.',
  caller: { phone: '+14155550161' },
  steps: [
    { say: 'Hello, how long is the warranty on a frame?' },
    { say: 'And do you rent out bicycles?' },
    { say: 'No, thank you, that is all. Goodbye.' },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};

export const silentCaller: Scenario = {
  name: 'silent-caller',
  description: 'Says nothing at all: is asked twice, then the agent says goodbye.',
  caller: { phone: '+14155550133' },
  steps: [{ staySilentMs: 90_000, when: { afterMs: 0 } }],
};

export const keypad: Scenario = {
  name: 'keypad',
  description: 'Presses digits instead of speaking, one of them while the agent talks.',
  caller: { phone: '+14155550134' },
  steps: [
    { say: 'Hello, what is the status of my order, please?' },
    { press: '1042#' },
    { press: '1', when: { intoAgentSpeechMs: 800 } },
    { say: 'Thank you, that is all. Goodbye.' },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};

export const transferAnswered: Scenario = {
  name: 'transfer-answered',
  description: 'Asks for a person, who picks up.',
  caller: { phone: '+14155550135' },
  dial: {
    result: 'answered',
    ringMs: 2_000,
    personSays: 'Hello, this is Sam in the workshop. I can help you with that.',
  },
  steps: [
    { say: 'Hello, could I speak to a person in the workshop, please?' },
    { say: 'Thank you very much, that helps me. Goodbye.', when: { afterAgentSays: 'Sam' } },
  ],
};

export const transferNoAnswer: Scenario = {
  name: 'transfer-no-answer',
  description: 'Asks for a person, nobody picks up, and the agent has the caller back.',
  caller: { phone: '+14155550136' },
  dial: { result: 'no-answer', ringMs: 4_000 },
  steps: [
    { say: 'Hello, could I speak to a person in the workshop, please?' },
    {
      say: 'Then please take a message: my name is Owen Clarke, and I need my bicycle by Friday.',
      when: { afterAgentSays: 'nobody|no one|not (available|able)|sorry|message|could' },
    },
    { say: 'No, that is all, thank you. Goodbye.' },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};

export const message: Scenario = {
  name: 'message',
  description: 'Wants to be called back; a message is taken.',
  caller: { phone: '+14155550137' },
  steps: [
    { say: 'Hello, could somebody call me back about a bicycle for my daughter, please?' },
    { say: 'My name is Nadia Osman.', when: { afterAgentSays: 'name' } },
    { say: 'No, thank you, that is all. Goodbye.' },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};

export const withheldNumber: Scenario = {
  name: 'withheld-number',
  description: 'Calls without showing a number, and has a ticket opened.',
  caller: { phone: 'anonymous' },
  steps: [
    { say: 'Hello, there is a problem: the pump I bought from you is broken.' },
    { say: 'My name is Tom Becker.', when: { afterAgentSays: 'name' } },
    { say: 'It is four one five, five five five, zero one four two.', when: { afterAgentSays: 'number' } },
    { say: 'Yes, please open a ticket.', when: { afterAgentSays: 'ticket' } },
    { say: 'No, thank you, that is all. Goodbye.' },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};
