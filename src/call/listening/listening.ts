/** From caller audio (`Listener`) to the turns of a recogniser and voice activity. */
export type { ListenerEvent } from './listener-event.ts';
export { Listener } from './listener.ts';
export { OwnVoice } from './own-voice.ts';
export { loadVoiceActivity, type OpenVoiceActivity } from './voice-activity.ts';
export type {
  SpeechToText,
  SpeechToTextEvent,
  SpeechToTextOptions,
  SpeechToTextStream,
} from './speech-to-text.ts';
export type { StreamMs } from '../clocks.ts';
export type { RecognisedWord } from '../recognised-word.ts';
