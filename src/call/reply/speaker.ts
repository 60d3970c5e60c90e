import type { Clock } from '../../platform/process/clock.ts';
import type { MediaStream } from '../transport/transport.ts';
import { CarrierLink, type MediaClock, type PlayoutTap, parseMark } from './carrier-link.ts';
import type { PlayoutClock } from './playout-clock.ts';
import type { SpeechEvent, VoiceFault } from './speech-events.ts';
import { Speech } from './speech.ts';
import { type Voice, Voices } from './voices.ts';

export interface SpeakerDeps {
  /** In order of preference: the agent's own voice, then the fallbacks. */
  readonly voices: readonly Voice[];
  readonly clock: Clock;
  /** Shared by all calls of the process. */
  readonly playoutClock: PlayoutClock;
  /** Takes faults that happen while no reply is spoken; those of a reply are among its events. */
  readonly emitFault: (fault: VoiceFault) => void;
  /** Receives what is sent to the carrier, for the recording. */
  readonly tap?: PlayoutTap;
}

/**
 * Speaks the agent's replies on one call. One speech at a time reaches the carrier, and beginning or releasing another
 * ends it. One more may be held.
 */
export class Speaker {
  readonly #deps: SpeakerDeps;
  readonly #link: CarrierLink;
  readonly #voices: Voices;
  #current: Speech | undefined;
  #held: Speech | undefined;

  constructor(deps: SpeakerDeps) {
    this.#deps = deps;
    this.#link = new CarrierLink(deps.clock, deps.tap);
    this.#voices = new Voices({
      voices: deps.voices,
      clock: deps.clock,
      onSessionLost: (detail) => this.#current?.onSessionLost(detail) ?? false,
      onIdleFailover: (vendor, detail) =>
        deps.emitFault({ type: 'fault', kind: 'tts.failover', vendor, detail, gapMs: undefined }),
    });
  }

  /** Characters sent to voices of all vendors, which is what they bill. */
  get characters(): number {
    return this.#voices.characters;
  }

  /** Vendor of the voice in use. */
  get vendor(): string {
    return this.#voices.vendor;
  }

  /** Connects the voice while the phone rings, before there is a media stream. */
  start(): void {
    this.#voices.open();
  }

  /** Uses this stream from now on; a reply in progress resumes there at the first unheard sample. */
  attach(stream: MediaStream, mediaClock: MediaClock): void {
    this.#link.attach(stream, mediaClock);
    this.#current?.onNewStream();
  }

  /** Begins a speech. It takes the floor at once, or if held, on release. */
  begin(options: { readonly held: boolean }, emit: (event: SpeechEvent) => void): Speech {
    const speech: Speech = new Speech(options, {
      clock: this.#deps.clock,
      playoutClock: this.#deps.playoutClock,
      link: this.#link,
      voices: this.#voices,
      emit,
      mayRelease: () => this.#mayRelease(speech),
    });
    this.#held?.close();
    this.#held = options.held ? speech : undefined;
    if (!options.held) this.#makeCurrent(speech);
    return speech;
  }

  /** Handles a mark returned by the carrier. */
  onMark(name: string): void {
    if (this.#link.takeProbe(name)) return;
    const mark = parseMark(name);
    if (mark !== undefined) this.#current?.onMark(mark.generation, mark.bytes);
  }

  close(): void {
    this.#held?.close();
    this.#current?.close();
    this.#held = undefined;
    this.#current = undefined;
    this.#voices.close();
  }

  #mayRelease(speech: Speech): boolean {
    if (this.#held !== speech) return false;
    this.#held = undefined;
    this.#makeCurrent(speech);
    return true;
  }

  #makeCurrent(speech: Speech): void {
    const previous = this.#current;
    this.#current = speech;
    previous?.close();
  }
}
