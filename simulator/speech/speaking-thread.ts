import { Worker } from 'node:worker_threads';
import type { SpeakRequest } from './speak.ts';
import type { SynthesisedSpeech } from './synthesised-speech.ts';

interface Waiting {
  readonly resolve: (speech: SynthesisedSpeech) => void;
  readonly reject: (error: Error) => void;
}

type Answer =
  | { readonly id: number; readonly speech: SynthesisedSpeech }
  | { readonly id: number; readonly failure: string };

/** Synthesis in a worker thread, because the event loop sends frames every 20 ms. Started when first needed. */
export class SpeakingThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #nextId = 1;

  speak(request: SpeakRequest): Promise<SynthesisedSpeech> {
    const worker = (this.#worker ??= this.#start());
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // Keeps the process alive during a synthesis only.
      worker.ref();
      worker.postMessage({ id, request }, []);
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./speaking-worker.ts', import.meta.url));
    worker.unref();
    worker.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (this.#waiting.size === 0) worker.unref();
      if ('speech' in answer) waiting?.resolve(answer.speech);
      else waiting?.reject(new Error(answer.failure));
    });
    worker.on('error', (error) => this.#fail(error));
    return worker;
  }

  #fail(error: Error): void {
    this.#worker = undefined;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
