import { endReply, interruptReply, isCurrentReply, requestReply } from './reply.ts';
import { discardSpeculation } from './speculation.ts';
import { CUT_TOOL_PATIENCE_MS, LIVENESS_MS, MAX_APOLOGIES, TOOL_PATIENCE_MS } from './timing.ts';
import type { ReplyKind } from './turn-event.ts';
import { andThen, stay, step, type TurnState, type TurnStep } from './turn-state.ts';

/** Liveness: the caller hears sound within a deadline, or an apology [T30–T33]. */

export function soundDeadlineMs({ reply, soundOwedByMs }: TurnState): number | undefined {
  if (reply.phase === 'none') return soundOwedByMs;
  // A pause has its own deadline, and extends this one by its length.
  return reply.phase === 'paused' ? undefined : reply.deadlineAtMs;
}

export function soundOverdue(state: TurnState, nowMs: number): TurnStep {
  const deadlineMs = soundDeadlineMs(state);
  if (deadlineMs === undefined || nowMs < deadlineMs) return stay(state);
  const kind = state.reply.phase === 'none' ? 'answer' : state.reply.kind;
  const cut = interruptReply({ ...state, soundOwedByMs: undefined }, 'stalled', nowMs);
  return andThen(cut, (next) => apologise(forgetTools(next, nowMs), kind, nowMs));
}

export function replyFailed(state: TurnState, replyId: string, nowMs: number): TurnStep {
  if (!isCurrentReply(state, replyId) || state.reply.phase === 'none') return stay(state);
  const { kind } = state.reply;
  return apologise(endReply(state, nowMs), kind, nowMs);
}

/** A failed line that only keeps the call going, such as a reprompt, needs no apology; the silence rules continue. */
function apologise(state: TurnState, failed: ReplyKind, nowMs: number): TurnStep {
  const isMissed = failed === 'answer' || failed === 'greeting' || failed === 'apology';
  if (!isMissed || state.phase.name !== 'live' || state.apologies >= MAX_APOLOGIES) return stay(state);
  const attempt = state.apologies + 1;
  return andThen(discardSpeculation(state), (next) =>
    step(requestReply({ ...next, apologies: attempt }, 'apology', nowMs), {
      type: 'say',
      kind: 'apology',
      attempt,
    }),
  );
}

/** A running tool extends the deadline, up to a limit that counts from the request or the last sound. */
export function toolStarted(state: TurnState, nowMs: number): TurnState {
  const patienceMs = state.reply.phase === 'none' ? CUT_TOOL_PATIENCE_MS : TOOL_PATIENCE_MS;
  const tools = { running: state.tools.running + 1, patienceUntilMs: nowMs + patienceMs };
  const lastTurn = state.lastTurn && { ...state.lastTurn, hasUsedTool: true };
  return { ...state, tools, lastTurn, reply: withDeadline(state.reply, nowMs + TOOL_PATIENCE_MS) };
}

export function toolEnded(state: TurnState, nowMs: number): TurnState {
  const running = Math.max(0, state.tools.running - 1);
  const reply = running === 0 ? withDeadline(state.reply, nowMs + LIVENESS_MS) : state.reply;
  return { ...state, reply, tools: { ...state.tools, running }, quietSinceMs: nowMs };
}

function withDeadline(reply: TurnState['reply'], deadlineAtMs: number): TurnState['reply'] {
  if (reply.phase === 'none') return reply;
  // Speech already sent to the voice is not timed out.
  const isSounding = reply.phase === 'speaking' || reply.phase === 'paused';
  const wantedMs = isSounding ? Math.max(reply.deadlineAtMs, deadlineAtMs) : deadlineAtMs;
  return { ...reply, deadlineAtMs: Math.min(reply.ceilingAtMs, wantedMs) };
}

export function toolPatienceDeadlineMs({ tools }: TurnState): number | undefined {
  return tools.running > 0 ? tools.patienceUntilMs : undefined;
}

/** Stops waiting for tools, which may still be running. */
export function forgetTools(state: TurnState, nowMs: number): TurnState {
  if (state.tools.running === 0) return state;
  return { ...state, tools: { ...state.tools, running: 0 }, quietSinceMs: nowMs };
}
