import type { Scenario } from '../scenario.ts';

/** How people behave while somebody else is talking, and what it sounds like where they are. */

const question = 'Hello, which services do you offer, and what do they cost?';
const thanks = 'Thank you, that is all. Goodbye.';

export const backchannel: Scenario = {
  name: 'backchannel',
  description: 'Says "mm-hmm" and "okay" while the agent talks, which is no interruption.',
  caller: { phone: '+14155550141' },
  steps: [
    { say: question },
    { say: 'Mm-hmm.', when: { intoAgentSpeechMs: 1_500 } },
    { say: 'Okay.', when: { intoAgentSpeechMs: 1_500 } },
    { say: thanks },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};

export const waitStop: Scenario = {
  name: 'wait-stop',
  description: 'Says "stop" while the agent talks: one word, and it counts at once.',
  caller: { phone: '+14155550142' },
  steps: [
    { say: question },
    { say: 'Stop.', when: { intoAgentSpeechMs: 1_500 } },
    { say: 'How much is a puncture repair, please?', when: { afterMs: 2_500 } },
    { say: thanks },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};

export const yesAfterQuestion: Scenario = {
  name: 'yes-after-question',
  description: 'Answers a question with a quick "yes" just as it ends: an answer, not a sound of listening.',
  caller: { phone: '+14155550143' },
  steps: [
    {
      say: 'Hello, this is Lena Fischer. I would like to book a puncture repair on Thursday at eleven, please.',
    },
    { say: 'Yes.', when: { afterAgentSays: 'shall i book it', quietMs: 120 } },
    { say: thanks },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};

export const noisyLine: Scenario = {
  name: 'noisy-line',
  description: 'Calls from a street on a speakerphone, with noise, echo and a cough.',
  caller: { phone: '+14155550144', line: { noiseLevel: 250, echoesAgent: true } },
  steps: [
    { say: 'Hello, when are you open on Saturday, and do you sell helmets?' },
    { coughMs: 400, when: { intoAgentSpeechMs: 1_500 } },
    { say: thanks },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};
