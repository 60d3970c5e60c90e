import { SpeechRegistry } from './heard-speech.ts';

/**
 * All that simulated voices have said in this process, so that a simulated caller can understand the agent from the
 * sound alone. Callers who are not told to listen for words never look here.
 */
export const agentSpeech = new SpeechRegistry();
