import { hash } from 'node:crypto';
import { isOpenAt } from './open-now.ts';
import type { AnsweringAgent, DialledLine, Line } from './line.ts';

export interface Ringing {
  readonly now: Date;
  /** E.164, or undefined when withheld. */
  readonly callerPhone: string | undefined;
  /** From 0 to 1: decides for callers who withhold their number. */
  readonly random: () => number;
}

/** How a ringing call is answered. */
export type LineAnswer =
  | { readonly type: 'agent'; readonly line: Line }
  | { readonly type: 'message'; readonly text: string; readonly language: string }
  /** The platform has stopped the business. */
  | { readonly type: 'suspended'; readonly language: string }
  /** No agent is linked, or none of them has been published. */
  | { readonly type: 'nobody' };

/** Decided at the ring, from memory alone. */
export function chooseAgent(dialled: DialledLine, ringing: Ringing): LineAnswer {
  const [first] = dialled.agents;
  const language = first?.agent.language ?? 'en-US';
  if (dialled.isSuspended) return { type: 'suspended', language };
  const { afterHours } = dialled;
  if (afterHours !== undefined && isClosed(dialled, ringing.now)) {
    if (afterHours.type === 'message') return { type: 'message', text: afterHours.text, language };
    return { type: 'agent', line: lineWith(dialled, afterHours) };
  }
  const chosen = byWeight(dialled, ringing);
  return chosen === undefined ? { type: 'nobody' } : { type: 'agent', line: lineWith(dialled, chosen) };
}

/** Every line that this number can become, for what has to be prepared before it rings. */
export function linesOf(dialled: DialledLine): readonly Line[] {
  const { agents, afterHours } = dialled;
  const all = afterHours?.type === 'agent' ? [...agents, afterHours] : agents;
  return all.map((answering) => lineWith(dialled, answering));
}

/** A business that has not said when it is open does not close. */
function isClosed({ hours }: DialledLine, now: Date): boolean {
  return hours !== undefined && !isOpenAt(now, hours);
}

/**
 * Weighted rendezvous hashing: the same caller reaches the same agent, and a changed weight or a new agent moves only
 * the callers it has to.
 */
function byWeight(dialled: DialledLine, { callerPhone, random }: Ringing): AnsweringAgent | undefined {
  const [only, ...others] = dialled.agents;
  if (only === undefined || others.length === 0) return only;
  const caller = callerPhone ?? String(random());
  const scored = dialled.agents.map((candidate) => ({
    candidate,
    score: -Math.log(hashFraction(`${dialled.numberId} ${caller} ${candidate.agentId}`)) / candidate.weight,
  }));
  return scored.reduce((best, next) => (next.score < best.score ? next : best)).candidate;
}

/** A hash spread evenly between 0 and 1, neither of them included. */
function hashFraction(text: string): number {
  return (Number.parseInt(hash('sha256', text, 'hex').slice(0, 12), 16) + 0.5) / 2 ** 48;
}

function lineWith(dialled: DialledLine, { agentId, agentVersionId, agent }: AnsweringAgent): Line {
  const { number, numberId, tenantId, businessName, timeZone, hours } = dialled;
  return {
    number,
    numberId,
    tenantId,
    businessName,
    timeZone,
    ...(hours === undefined ? {} : { hours }),
    agentId,
    agentVersionId,
    agent,
  };
}
