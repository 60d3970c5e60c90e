import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Logger } from 'pino';
import type { CallEvent, EndedReason } from '../business/calls/call-event.ts';
import type { CallSid } from '../platform/ids.ts';

/** Around the promise of a caller who notices nothing: fine below a second, coarse above. */
const LATENCY_BUCKETS_MS = [50, 100, 200, 300, 500, 700, 900, 1_100, 1_400, 2_000, 3_000, 5_000, 8_000];

/** One method per event of a call: its metric and its log line together. Labels stay few; ids go to the log. */
export class CallTelemetry {
  readonly #logger: Logger;
  readonly #live: Gauge;
  readonly #refused: Counter<'reason'>;
  readonly #ended: Counter<'reason'>;
  readonly #faults: Counter<'kind' | 'vendor'>;
  readonly #interruptions: Counter<'cause'>;
  readonly #tools: Counter<'tool' | 'status'>;
  readonly #turnLatencyMs: Histogram;

  constructor(metrics: Registry, logger: Logger) {
    const registers = [metrics];
    this.#logger = logger;
    this.#live = new Gauge({ name: 'parley_calls_live', help: 'Calls in this process now', registers });
    this.#refused = new Counter({
      name: 'parley_calls_refused_total',
      help: 'Calls refused before a stream was opened',
      labelNames: ['reason'],
      registers,
    });
    this.#ended = new Counter({
      name: 'parley_calls_ended_total',
      help: 'Calls ended, by reason',
      labelNames: ['reason'],
      registers,
    });
    this.#faults = new Counter({
      name: 'parley_call_faults_total',
      help: 'Vendor faults during calls',
      labelNames: ['kind', 'vendor'],
      registers,
    });
    this.#interruptions = new Counter({
      name: 'parley_reply_interruptions_total',
      help: 'Replies cut, by cause',
      labelNames: ['cause'],
      registers,
    });
    this.#tools = new Counter({
      name: 'parley_tool_calls_total',
      help: 'Tool calls, by outcome',
      labelNames: ['tool', 'status'],
      registers,
    });
    this.#turnLatencyMs = new Histogram({
      name: 'parley_turn_latency_ms',
      help: 'End of the caller turn to the first audio of the answer',
      buckets: LATENCY_BUCKETS_MS,
      registers,
    });
  }

  callRinging(): void {
    this.#live.inc();
  }

  callRefused(reason: 'unknown-number' | 'busy'): void {
    this.#refused.inc({ reason });
    this.#logger.warn({ reason }, 'call refused');
  }

  callEnded(reason: EndedReason): void {
    this.#live.dec();
    this.#ended.inc({ reason });
  }

  hangUpFailed(callSid: CallSid, error: unknown): void {
    this.#logger.error({ callSid, err: error }, 'the carrier could not be told to hang up');
  }

  /** Reads the metrics off the record. */
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
