import type { Turn } from './call-service.ts';

/** A transcript to read: who said what, as it was heard, and when. */
export function transcriptAsText(turns: readonly Turn[]): string {
  return turns.map((turn) => `[${clockTime(turn.startOffsetMs)}] ${lineOf(turn)}\n`).join('');
}

function lineOf(turn: Turn): string {
  switch (turn.kind) {
    case 'caller':
      return `Caller: ${turn.text ?? ''}`;
    case 'agent':
      return `Agent: ${turn.text ?? ''}${turn.interrupted ? ' –' : ''}`;
    case 'tool':
      return `(${turn.tool ?? ''}: ${turn.toolStatus ?? 'running'})`;
    default:
      return turn.kind satisfies never;
  }
}

function clockTime(offsetMs: number): string {
  const seconds = Math.floor(Math.max(offsetMs, 0) / 1_000);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
