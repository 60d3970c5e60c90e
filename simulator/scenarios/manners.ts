import type { Scenario } from '../scenario.ts';

/** Calls with backchannels, interruptions, noise and echo. */

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

export const echoingLine: Scenario = {
  name: 'echoing-line',
  description: 'Calls on a speakerphone that sends the agent its own voice back, 20 dB lower.',
  caller: { phone: '+14155550145', line: { echoesAgent: true } },
  steps: [
    { say: question },
    { say: 'Sorry, how much is a puncture repair?', when: { intoAgentSpeechMs: 4_000 } },
    { say: thanks, when: { afterAgentSays: 'dollars' } },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};

export const bargeInStorm: Scenario = {
  name: 'barge-in-storm',
  description: 'Cuts the agent short six times in a row, whatever it begins to say.',
  caller: { phone: '+14155550146' },
  steps: [
    { say: question },
    { say: 'Wait, and what about helmets?', when: { intoAgentSpeechMs: 700 } },
    { say: 'No, stop, when are you open on Saturday?', when: { intoAgentSpeechMs: 700 } },
    { say: 'Hold on, how much is a tune-up?', when: { intoAgentSpeechMs: 700 } },
    { say: 'Wait, I mean a puncture repair.', when: { intoAgentSpeechMs: 700 } },
    { say: 'Stop, stop.', when: { intoAgentSpeechMs: 700 } },
    { say: 'Which services do you offer?', when: { intoAgentSpeechMs: 700 } },
    { say: thanks },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};

export const transferTalkedOver: Scenario = {
  name: 'transfer-talked-over',
  description:
    'Asks for a person and says "thanks, great" while the agent announces that it puts the call through.',
  caller: { phone: '+14155550147' },
  dial: { result: 'busy', ringMs: 1_500 },
  steps: [
    { say: 'Hello, could I speak to a person in the workshop, please?' },
    { say: 'Wait, great, please do that.', when: { intoAgentSpeechMs: 500 } },
    { say: 'No, I will call again. Goodbye.', when: { afterAgentSays: 'nobody|message|sorry' } },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};
