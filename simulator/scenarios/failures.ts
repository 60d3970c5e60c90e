import type { Scenario } from '../scenario.ts';

/** Calls with faults: of vendors, of the line, of the carrier. */

const askAndThank: Scenario['steps'] = [
  { say: 'Hello, which services do you offer, and what does a tune-up cost?' },
  { say: 'And how much is a puncture repair, please?', when: { afterAgentSays: 'dollars' } },
  { say: 'Thank you, that is all. Goodbye.', when: { afterAgentSays: 'dollars' } },
  { hangUp: 'politely', when: { afterMs: 12_000 } },
];

export const abruptHangUp: Scenario = {
  name: 'abrupt-hang-up',
  description:
    'The connection breaks in the middle of a sentence of the agent, without a `stop` from the carrier.',
  caller: { phone: '+14155550151' },
  steps: [
    { say: 'Hello, I would like to open a ticket, there is a problem with my brakes.' },
    { hangUp: 'abruptly', when: { intoAgentSpeechMs: 600 } },
  ],
};

export const slowModel: Scenario = {
  name: 'slow-model',
  description: 'The model takes two seconds to its first word.',
  caller: { phone: '+14155550152' },
  steps: askAndThank,
  faults: { openai: { latency: { firstTokenMs: 2_000 } } },
};

export const recogniserDies: Scenario = {
  name: 'recogniser-dies',
  description: "The recogniser's connection is reset in the middle of the caller's second sentence.",
  caller: { phone: '+14155550153' },
  steps: askAndThank,
  faults: {
    deepgram: { listen: { faults: [{ type: 'reset', unit: 'word', after: 3, everyNth: 2, times: 1 }] } },
  },
};

export const voiceDies: Scenario = {
  name: 'voice-dies',
  description: 'The voice is cut off after a second of the second thing the agent says.',
  caller: { phone: '+14155550154' },
  steps: askAndThank,
  faults: { elevenlabs: { faults: [{ type: 'reset', unit: 'byte', after: 8_000, everyNth: 2, times: 1 }] } },
};

export const doubleWebhook: Scenario = {
  name: 'double-webhook',
  description: 'The voice webhook arrives twice at once, and every status callback twice.',
  caller: { phone: '+14155550155' },
  steps: askAndThank,
  carrier: { postsVoiceWebhookTwice: true, statusCallbacks: 'twice' },
};

export const disorderedStatus: Scenario = {
  name: 'disordered-status',
  description: 'The carrier reports that the call is over before it reports that it was answered.',
  caller: { phone: '+14155550156' },
  steps: askAndThank,
  carrier: { statusCallbacks: 'disordered' },
};

export const mediaGap: Scenario = {
  name: 'media-gap',
  description: 'Nothing of the caller arrives for a second and a half while the agent talks.',
  caller: { phone: '+14155550157' },
  steps: askAndThank,
  carrier: { mediaGap: { afterMs: 11_000, durationMs: 1_500 } },
};
