import { parentPort } from 'node:worker_threads';
import { speak, type SpeakRequest } from './speak.ts';

/** Runs in a thread of its own: takes texts, gives back speech. */
parentPort?.on('message', (message: { readonly id: number; readonly request: SpeakRequest }) => {
  const { id, request } = message;
  speak(request).then(
    (speech) => parentPort?.postMessage({ id, speech }, []),
    (error: unknown) => parentPort?.postMessage({ id, failure: String(error) }, []),
  );
});
