import { SpeechRegistry } from './heard-speech.ts';

/**
 * Registry of everything that simulated voices have spoken in this process, so that a simulated caller can recognise
 * the agent's words from the audio alone.
 */
export const agentSpeech = new SpeechRegistry();
