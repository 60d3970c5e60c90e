import type { Logger } from 'pino';
import type { Counter, Histogram } from 'prom-client';
import type { CallEvent, EndedReason } from '../business/record/calls/calls.ts';
import type { CallSid } from '../business/tenancy/ids/ids.ts';
import type { Metrics } from '../platform/process/metrics.ts';

/** Fine below one second, where a caller does not notice a delay, and coarse above. */
const LATENCY_BUCKETS_MS = [50, 100, 200, 300, 500, 700, 900, 1_100, 1_400, 2_000, 3_000, 5_000, 8_000];

const mediaCounters = {
  upgradesRefused: {
    name: 'parley_media_upgrades_refused_total',
    help: 'Media sockets refused at the upgrade.',
  },
  streamsRefused: {
    name: 'parley_media_streams_refused_total',
    help: 'Media streams refused at their start.',
  },
  streamsAccepted: { name: 'parley_media_streams_total', help: 'Media streams accepted.' },
  malformedFrames: {
    name: 'parley_media_malformed_frames_total',
    help: 'Media frames that could not be read.',
  },
};

export type RefusedReason =
  | 'unknown-number'
  | 'busy'
  | 'vendors-failed'
  | 'after-hours'
  /** The business is suspended by the platform's staff. */
  | 'not-in-service';

type MediaCounter = keyof typeof mediaCounters;

/**
 * One method per event of a call, with its metric and its log line. Ids are logged and never labels, to keep
 * cardinality low.
 */
export class CallTelemetry {
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  readonly #webhooksForged: Counter;
  #live = 0;
  readonly #refused: Counter<'reason'>;
  readonly #ended: Counter<'reason'>;
  readonly #faults: Counter<'kind' | 'vendor'>;
  readonly #interruptions: Counter<'cause'>;
  readonly #tools: Counter<'tool' | 'status'>;
  readonly #turnLatencyMs: Histogram;

  constructor(metrics: Metrics, logger: Logger) {
    this.#logger = logger;
    this.#metrics = metrics;
    this.#webhooksForged = metrics.counter(
      'parley_webhooks_forged_total',
      'Webhooks with a wrong signature.',
    );
    this.#refused = metrics.counter(
      'parley_calls_refused_total',
      'Calls refused before a stream was opened.',
      ['reason'],
    );
    this.#ended = metrics.counter('parley_calls_ended_total', 'Calls ended.', ['reason']);
    this.#faults = metrics.counter('parley_call_faults_total', 'Vendor faults during calls.', [
      'kind',
      'vendor',
    ]);
    this.#interruptions = metrics.counter('parley_reply_interruptions_total', 'Replies cut.', ['cause']);
    this.#tools = metrics.counter('parley_tool_calls_total', 'Tool calls.', ['tool', 'status']);
    this.#turnLatencyMs = metrics.histogram(
      'parley_turn_latency_ms',
      'End of the caller turn to the first audio of the answer.',
      { buckets: LATENCY_BUCKETS_MS },
    );
    metrics.exportGauge({
      name: 'parley_calls_live',
      help: 'Calls in this process now.',
      read: () => this.#live,
    });
  }

  /** Exports the media server's own counters, which it keeps as plain fields. */
  watchMedia(counters: Readonly<Record<MediaCounter, number>>): void {
    for (const [field, { name, help }] of Object.entries(mediaCounters))
      this.#metrics.exportCounter({ name, help, read: () => counters[field as MediaCounter] });
  }

  webhookForged(): void {
    this.#webhooksForged.inc();
    this.#logger.warn('webhook signature rejected');
  }

  callRinging(): void {
    this.#live += 1;
  }

  callRefused(reason: RefusedReason): void {
    this.#refused.inc({ reason });
    // A refusal after hours follows the configuration, so it is no warning.
    this.#logger[reason === 'after-hours' ? 'info' : 'warn']({ reason }, 'call refused');
  }

  callEnded(reason: EndedReason): void {
    this.#live -= 1;
    this.#ended.inc({ reason });
  }

  hangUpFailed(callSid: CallSid, error: unknown): void {
    this.#logger.error({ callSid, err: error }, 'carrier hang-up request failed');
  }

  /** Derives metrics from the recorded events. */
  recorded(event: CallEvent, logger: Logger): void {
    switch (event.type) {
      case 'reply-ended':
        if (event.interrupted) this.#interruptions.inc({ cause: event.interruptionCause ?? 'unknown' });
        if (event.latency?.totalMs !== undefined) this.#turnLatencyMs.observe(event.latency.totalMs);
        return;
      case 'tool-ended':
        this.#tools.inc({ tool: event.tool, status: event.status });
        return;
      case 'fault':
        this.#faults.inc({ kind: event.kind, vendor: event.vendor });
        logger.warn({ kind: event.kind, vendor: event.vendor, gapMs: event.gapMs }, 'vendor fault');
        return;
      case 'call-ended':
        logger.info({ reason: event.reason, durationMs: event.durationMs }, 'call ended');
        return;
      default:
    }
  }
}
