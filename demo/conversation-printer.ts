import { styleText } from 'node:util';
import type { CallEvent, CallRecord, TurnLatency } from '../src/business/record/calls/calls.ts';

/** Prints the records of a call as they are written. One record may be several lines, or none. */
export class ConversationPrinter {
  readonly #write: (line: string) => void;
  #startedAtMs: number | undefined;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  print({ at, event }: CallRecord): void {
    const atMs = Date.parse(at);
    this.#startedAtMs ??= atMs;
    const time = styleText('dim', formatTime(atMs - this.#startedAtMs));
    for (const line of linesOf(event)) this.#write(`${time}  ${line}`);
  }
}

function linesOf(event: CallEvent): string[] {
  switch (event.type) {
    case 'call-started':
      return [label('cyan', 'Ring') + `${event.from} calls ${event.to}`];
    case 'stream-opened':
      return [label('cyan', 'Stream') + styleText('dim', `open, number ${event.generation} of this call`)];
    case 'caller-turn':
      return [label('green', 'Caller') + (event.source === 'digits' ? `presses ${event.text}` : event.text)];
    case 'caller-turn-amended':
      return [label('green', 'Caller') + `${event.text} ${styleText('dim', '(went on)')}`];
    case 'speech-ignored':
      return event.text === ''
        ? []
        : [label('green', 'Caller') + styleText('dim', `"${event.text}" (${event.reason}, not acted on)`)];
    case 'reply-ended':
      return replyLines(event);
    case 'tool-called':
      return [label('yellow', 'Tool') + `${event.tool} ${shorten(event.arguments)}`];
    case 'tool-ended': {
      const outcome = event.status === 'ok' ? '' : `${event.status} `;
      return [
        label('yellow', '') +
          `→ ${outcome}${shorten(event.result)} ${dim(`${Math.round(event.durationMs)} ms`)}`,
      ];
    }
    case 'fault':
      return [label('red', 'Fault') + `${event.kind} ${event.vendor}: ${event.detail}`];
    case 'transfer-started':
      return [label('cyan', 'Passed on') + `to ${event.targetId} (${event.phone})`];
    case 'transfer-ended':
      return [label('cyan', 'Passed on') + event.outcome];
    case 'reply-resumed':
      return [
        label('blue', 'Agent') + dim(`goes on after a false interruption, at ${event.heardMs.toFixed(0)} ms`),
      ];
    case 'call-ended':
      return [label('cyan', 'End') + `${event.reason}, after ${(event.durationMs / 1000).toFixed(1)} s`];
    case 'digit-pressed':
    case 'model-used':
    case 'speculation-discarded':
    case 'recording-stored':
      return [];
    default:
      return event satisfies never;
  }
}

function replyLines(event: Extract<CallEvent, { type: 'reply-ended' }>): string[] {
  const unheard = event.generatedText.slice(event.heardText.length).trim();
  const lines = event.heardText === '' ? [] : [label('blue', 'Agent') + event.heardText];
  if (event.interrupted) {
    const rest = unheard === '' ? '' : `, unheard: ${styleText(['dim', 'strikethrough'], unheard)}`;
    lines.push(label('magenta', '✂') + `interrupted (${event.interruptionCause ?? ''})${rest}`);
  }
  if (event.latency !== undefined) lines.push(label('gray', '') + dim(formatLatency(event.latency)));
  return lines;
}

const stages: readonly (readonly [keyof TurnLatency, string])[] = [
  ['endpointingMs', 'end of turn'],
  ['requestMs', 'request'],
  ['firstTokenMs', 'first token'],
  ['firstChunkMs', 'first clause'],
  ['firstAudioMs', 'voice'],
  ['sendMs', 'to the line'],
];

function formatLatency(latency: TurnLatency): string {
  const parts = stages.flatMap(([stage, name]) => {
    const ms = latency[stage];
    return typeof ms === 'number' ? [`${name} ${ms.toFixed(0)}`] : [];
  });
  const total =
    latency.totalMs === undefined ? 'no sound' : `answered ${latency.totalMs.toFixed(0)} ms after the turn`;
  return `${total}${latency.speculative ? ', prepared beforehand' : ''}  (${parts.join(' · ')} ms)`;
}

function label(colour: Parameters<typeof styleText>[0], text: string): string {
  return styleText(colour, text.padEnd(10));
}

function dim(text: string): string {
  return styleText('dim', text);
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length <= 140 ? text : `${text.slice(0, 139)}…`;
}

function formatTime(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  const minutes = Math.floor(seconds / 60);
  return `${String(minutes).padStart(2, '0')}:${(seconds % 60).toFixed(1).padStart(4, '0')}`;
}
