import type { Clock } from '../../platform/process/clock.ts';
import type { VendorError } from '../../platform/process/errors.ts';
import { trimLeadingSilence } from '../../audio/trim-silence.ts';
import type { Voice } from './voices.ts';
import type { UtteranceEvent } from './text-to-speech.ts';

/** Limit of one minute, which no phrase exceeds, against a voice that does not stop. */
const MAX_BYTES = 60 * 8_000;
const DEADLINE_MS = 15_000;

/** All the audio of one text, in a session of its own. Throws when the voice fails or takes too long. */
export async function synthesise(voice: Voice, text: string, clock: Clock): Promise<Uint8Array> {
  const outcome = Promise.withResolvers<void>();
  const pieces: Uint8Array[] = [];
  let receivedBytes = 0;
  const onEvent = (event: UtteranceEvent): void => {
    switch (event.type) {
      case 'audio':
        pieces.push(event.mulaw);
        receivedBytes += event.mulaw.length;
        if (receivedBytes > MAX_BYTES) outcome.reject(new Error('the voice does not stop'));
        return;
      case 'ended':
        outcome.resolve();
        return;
      case 'failed':
        outcome.reject(event.error);
        return;
      case 'alignment':
      case 'text-spoken':
        return;
      default:
        event satisfies never;
    }
  };
  const session = voice.tts.open(voice.options, (error: VendorError | undefined) =>
    outcome.reject(error ?? new Error('the session was closed')),
  );
  const cancelDeadline = clock.after(DEADLINE_MS, () => outcome.reject(new Error('the voice took too long')));
  try {
    const utterance = session.begin(onEvent);
    utterance.push(`${text} `);
    utterance.end();
    await outcome.promise;
  } finally {
    cancelDeadline();
    session.close();
  }
  if (receivedBytes === 0) throw new Error('the voice gave no audio');
  return trimLeadingSilence(Buffer.concat(pieces));
}
