/**
 * The path of a reply: the agent's text (`Answer`) → speakable chunks (`Chunker`) → a voice (`Voicing`, `Voices`) →
 * paced audio (`Playout`) → the carrier (`CarrierLink`); and back from its marks to the words that were heard
 * (`HeardPosition`,
 * `describeHeard`).
 */
export type { TurnEnd } from './answer.ts';
export type { AnswerEvent } from './answer-event.ts';
export { PhraseAudio } from './phrase-audio.ts';
export { PlayoutClock } from './playout-clock.ts';
export { Replies } from './replies.ts';
export { Speaker } from './speaker.ts';
export type { Voice } from './voices.ts';
export type {
  AlignedCharacter,
  TextToSpeech,
  TextToSpeechOptions,
  TextToSpeechSession,
  Utterance,
  UtteranceEvent,
} from './text-to-speech.ts';
