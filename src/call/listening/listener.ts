import { bytesToMs, msToBytes } from '../../audio/frame.ts';
import type { TurnSettings } from '../../business/line/agents/agents.ts';
import type { CancelTimer, Clock } from '../../platform/process/clock.ts';
import type { MediaMs, Position, StreamMs } from '../clocks.ts';
import type { RecognisedWord } from '../recognised-word.ts';
import type { CallerWord } from '../turn/turn.ts';
import { AudioRing } from './audio-ring.ts';
import { CallerAudio } from './caller-audio.ts';
import { FailoverPlan, type Loss } from './failover-plan.ts';
import type { ListenerEvent } from './listener-event.ts';
import type { OwnVoice } from './own-voice.ts';
import { Recognition } from './recognition.ts';
import { RecogniserHealth } from './recogniser-health.ts';
import { MissingAudio } from './missing-audio.ts';
import { ReplayWatch } from './replay-watch.ts';
import type {
  SpeechToText,
  SpeechToTextEvent,
  SpeechToTextOptions,
  SpeechToTextStream,
} from './speech-to-text.ts';
import { TranscriptContinuity } from './transcript-continuity.ts';
import { UtteranceTracker } from './utterance-tracker.ts';
import type { OpenVoiceActivity, VoiceActivity } from './voice-activity.ts';

export interface ListenerDeps {
  /** In order of preference. */
  readonly recognisers: readonly [SpeechToText, ...SpeechToText[]];
  readonly options: SpeechToTextOptions;
  readonly settings: Pick<TurnSettings, 'pauseAfterSpeechMs'>;
  readonly voiceActivity: OpenVoiceActivity;
  /** What the agent is saying, which a speakerphone returns as an echo. */
  readonly ownVoice: Pick<OwnVoice, 'explains'>;
  readonly clock: Clock;
  /** Called synchronously, in order; not after `close`. */
  readonly emit: (event: ListenerEvent) => void;
}

/** Covers what a lost recogniser may have left unrecognised: a sentence, and the time to detect the loss. */
const REPLAY_BUFFER_MS = 5_000;
const TICK_MS = 250;
/** Deadline while the phone rings; shorter during a call, when the caller is waiting. */
const FIRST_READY_MS = 5_000;
const READY_MS = 1_500;
/** A tick this late means that the event loop was blocked, so that audio may be waiting in the socket. */
const LATE_TICK_MS = 2 * TICK_MS;

/**
 * Turns caller audio into turns and voice activity. Audio is buffered for 5 s, so that when a recogniser breaks or
 * stops answering, the unrecognised part is replayed to the next one. Nothing here waits or throws.
 */
export class Listener {
  readonly #deps: ListenerDeps;
  readonly #ring = new AudioRing(msToBytes(REPLAY_BUFFER_MS));
  readonly #audio = new CallerAudio((mulaw) => this.#onAudio(mulaw));
  readonly #voice: VoiceActivity;
  readonly #utterance = new UtteranceTracker();
  readonly #continuity: TranscriptContinuity;
  readonly #plan: FailoverPlan;
  #options: SpeechToTextOptions;
  #speechToText: SpeechToText;
  #recognition: Recognition | undefined;
  #health: RecogniserHealth;
  #outage: { readonly sinceMs: number; readonly vendor: string; readonly detail: string } | undefined;
  readonly #replay = new ReplayWatch();
  readonly #missing: MissingAudio;
  #isVoiceActive = false;
  #closedStreamsBytes = 0;
  #lastTickAtMs = 0;
  #cancelTick: CancelTimer | undefined;
  #cancelRetry: CancelTimer | undefined;
  #state: 'idle' | 'listening' | 'closed' = 'idle';

  constructor(deps: ListenerDeps) {
    this.#deps = deps;
    this.#options = deps.options;
    [this.#speechToText] = deps.recognisers;
    this.#plan = new FailoverPlan(deps.recognisers);
    this.#health = new RecogniserHealth(deps.clock.nowMs());
    this.#missing = new MissingAudio(deps.clock.nowMs());
    this.#continuity = new TranscriptContinuity((event) => this.#emit(event));
    const detection = {
      startAfterMs: deps.settings.pauseAfterSpeechMs,
      isEcho: (levelDb: number, durationMs: number) =>
        deps.ownVoice.explains(levelDb, this.#audio.offsetMsAt(this.#ring.endPosition), durationMs),
    };
    this.#voice = deps.voiceActivity(detection, (change) => {
      this.#isVoiceActive = change === 'speech-started';
      if (this.#isVoiceActive) this.#utterance.speechStarted();
      this.#emit({ type: change });
    });
  }

  get state(): 'idle' | 'listening' | 'closed' {
    return this.#state;
  }

  /** Seconds of audio sent to recognisers, replays included, which is what vendors bill. */
  get sttSeconds(): number {
    return bytesToMs(this.#closedStreamsBytes + (this.#recognition?.sentBytes ?? 0)) / 1000;
  }

  /** The recogniser in use. */
  get vendor(): string {
    return this.#speechToText.vendor;
  }

  /** Opens the recogniser, before there is a media stream. */
  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'listening';
    this.#lastTickAtMs = this.#deps.clock.nowMs();
    this.#armTick();
    this.#open(this.#ring.startPosition, FIRST_READY_MS);
  }

  /** Takes one inbound frame and its position. */
  hear(mulaw: Uint8Array, offsetMs: MediaMs): void {
    if (this.#state !== 'listening') return;
    this.#missing.frameHeard(this.#deps.clock.nowMs());
    this.#audio.hear(mulaw, offsetMs);
  }

  /** Changes thresholds during the call, also for recognisers opened later. */
  configure(thresholds: Parameters<SpeechToTextStream['configure']>[0]): void {
    this.#options = { ...this.#options, ...thresholds };
    this.#recognition?.configure(thresholds);
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#cancelTick?.();
    this.#cancelRetry?.();
    this.#closeRecognition();
    this.#voice.close();
  }

  #emit(event: ListenerEvent): void {
    if (this.#state === 'listening') this.#deps.emit(event);
  }

  // ── audio ──

  #onAudio(mulaw: Uint8Array): void {
    this.#ring.append(mulaw);
    this.#voice.hear(mulaw);
    if (this.#voice.isVoiced) {
      this.#utterance.voiced(this.#ring.endPosition, mulaw.length, this.#continuity.hasOpenTurn);
    }
    this.#recognition?.pump();
    if (this.#isVoiceActive && this.#recognition?.state === 'ready')
      this.#checkAnswers(bytesToMs(mulaw.length));
  }

  /** Replaces a recogniser that gives no results while somebody speaks [F2]. */
  #checkAnswers(speechMs: number): void {
    const fault = this.#health.speechHeard(speechMs);
    if (fault === undefined) return;
    const { vendor } = this.#speechToText;
    this.#emit({ type: 'fault', kind: 'stt.latency_breaker', vendor, detail: fault, gapMs: undefined });
    this.#onLost(fault, { isRetryable: true, isUnresponsive: true });
  }

  #armTick(): void {
    this.#cancelTick = this.#deps.clock.after(TICK_MS, () => this.#tick());
  }

  #tick(): void {
    this.#armTick();
    const nowMs = this.#deps.clock.nowMs();
    const isLate = nowMs - this.#lastTickAtMs > LATE_TICK_MS;
    this.#lastTickAtMs = nowMs;
    if (isLate) return;
    const missingMs = this.#missing.takeDueMs(nowMs);
    if (missingMs > 0) this.#audio.addSilence(missingMs);
    if (this.#recognition?.state === 'ready') this.#checkLiveness(nowMs);
    this.#checkReplay(nowMs);
  }

  /** Judges a recogniser by its results while audio flows, because an open socket proves nothing [L17]. */
  #checkLiveness(nowMs: number): void {
    const fault = this.#health.findSilence(nowMs, this.#missing.isFlowing);
    if (fault !== undefined) this.#onLost(fault, { isRetryable: true, isUnresponsive: true });
    else if (this.#health.isProven(nowMs)) this.#plan.recovered();
  }

  // ── recogniser ──

  #open(fromPosition: Position, readyWithinMs: number): void {
    const { clock } = this.#deps;
    this.#health = this.#health.successor(clock.nowMs());
    const recognition: Recognition = new Recognition({
      speechToText: this.#speechToText,
      options: this.#options,
      clock,
      ring: this.#ring,
      fromPosition,
      readyWithinMs,
      onEvent: (event) => this.#onRecogniserEvent(event),
      onClosed: ({ detail, isRetryable }) => this.#onLost(detail, { isRetryable, isUnresponsive: false }),
    });
    // If it was lost while being opened, its successor is already in place.
    if (recognition.state !== 'closed') this.#recognition = recognition;
  }

  #closeRecognition(): void {
    this.#recognition?.close();
    this.#closedStreamsBytes += this.#recognition?.sentBytes ?? 0;
    this.#recognition = undefined;
  }

  #onRecogniserEvent(event: Exclude<SpeechToTextEvent, { type: 'closed' }>): void {
    const nowMs = this.#deps.clock.nowMs();
    switch (event.type) {
      case 'ready':
        this.#health.ready(nowMs);
        this.#endOutage(nowMs);
        return;
      case 'heartbeat':
        this.#health.heartbeat(event.audioMs, nowMs);
        return;
      case 'speech-started':
        // A vendor's hint is later than our own voice activity, and two detectors must not both pause the agent.
        return;
      case 'turn-started':
      case 'transcript-interim':
      case 'turn-ended-eager':
      case 'turn-resumed':
        this.#onWords(nowMs);
        this.#continuity.hear(event);
        return;
      case 'turn-ended':
        this.#onWords(nowMs);
        this.#onTurnEnded(event);
        return;
      default:
        event satisfies never;
    }
  }

  #onWords(nowMs: number): void {
    this.#health.words(nowMs);
    this.#replay.stop();
  }

  #onTurnEnded(event: Extract<SpeechToTextEvent, { type: 'turn-ended' }>): void {
    const recognition = this.#recognition;
    if (recognition === undefined) return;
    const lastEndMs = event.words.at(-1)?.endMs;
    const lastWordEnd = lastEndMs === undefined ? undefined : recognition.positionAt(lastEndMs);
    this.#utterance.turnEnded(lastWordEnd, recognition.cursor, this.#voice.isVoiced);
    this.#continuity.hear({
      ...event,
      words: event.words.map((word) => this.#onMediaClock(word, recognition)),
    });
  }

  #onMediaClock({ startMs, endMs, ...word }: RecognisedWord, recognition: Recognition): CallerWord {
    const at = (timeMs: StreamMs): MediaMs => this.#audio.offsetMsAt(recognition.positionAt(timeMs));
    return {
      ...word,
      ...(startMs === undefined ? {} : { startMs: at(startMs) }),
      ...(endMs === undefined ? {} : { endMs: at(endMs) }),
    };
  }

  // ── failover ──

  #onLost(detail: string, loss: Loss): void {
    this.#closeRecognition();
    const { vendor } = this.#speechToText;
    this.#outage ??= { sinceMs: this.#deps.clock.nowMs(), vendor, detail };
    const attempt = this.#plan.next(this.#speechToText, loss);
    if (attempt === undefined) {
      this.#exhausted(detail);
      return;
    }
    this.#speechToText = attempt.speechToText;
    if (attempt.delayMs === 0) this.#reopen();
    else this.#cancelRetry = this.#deps.clock.after(attempt.delayMs, () => this.#reopen());
  }

  /** Replays to a new recogniser what was said and not recognised [F1]. */
  #reopen(): void {
    const { startPosition, endPosition } = this.#ring;
    const { hasOpenTurn } = this.#continuity;
    const replay = this.#utterance.replay(startPosition, endPosition, hasOpenTurn);
    this.#continuity.recogniserReplaced(replay);
    const isAwaited = hasOpenTurn || this.#utterance.hasUnfinishedSpeech(startPosition);
    this.#replay.start(isAwaited ? endPosition : undefined);
    this.#open(replay.fromPosition, READY_MS);
  }

  #endOutage(nowMs: number): void {
    if (this.#outage === undefined) return;
    const { sinceMs, vendor, detail } = this.#outage;
    this.#outage = undefined;
    this.#emit({
      type: 'fault',
      kind: 'stt.failover',
      vendor,
      detail: `${detail}; now ${this.#speechToText.vendor}`,
      gapMs: nowMs - sinceMs,
    });
  }

  /**
   * Reports speech as lost if its replay was sent completely and brought no words; the caller is then asked to repeat.
   */
  #checkReplay(nowMs: number): void {
    if (this.#recognition === undefined) return;
    if (this.#replay.isOverdue(this.#recognition.cursor, this.#isVoiceActive, nowMs)) this.#speechLost();
  }

  #speechLost(): void {
    this.#replay.stop();
    this.#utterance.done(this.#ring.endPosition);
    this.#continuity.speechLost();
  }

  #exhausted(detail: string): void {
    const { vendor } = this.#speechToText;
    this.#emit({ type: 'fault', kind: 'stt.exhausted', vendor, detail, gapMs: undefined });
  }
}
