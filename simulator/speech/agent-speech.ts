import { SpeechRegistry } from './heard-speech.ts';

/**
 * All that simulated voices have said in this process, so that a simulated caller can understand the agent from the
 * sound alone. Callers that do not listen for words never read it.
 */
export const agentSpeech = new SpeechRegistry();
