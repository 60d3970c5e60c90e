import { LRUCache } from 'lru-cache';
import type { PhraseName } from '../agent/prompt/prompt.ts';
import type { EndedReason } from '../business/record/calls/calls.ts';
import { chooseAgent, type Line, type LineDirectory } from '../business/line/directory/directory.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { CallSid } from '../business/tenancy/ids/ids.ts';
import type { CallSession } from './call-session.ts';
import type { CallTelemetry, RefusedReason } from './call-telemetry.ts';
import type { CallRegistry } from './live-calls.ts';
import type {
  Carrier,
  CarrierInstruction,
  IncomingCalls,
  MediaStream,
  RingingCall,
  TransferOutcome,
} from './transport/transport.ts';

/** How long the phone of a transfer target rings before the agent takes the caller back. */
const TRANSFER_RING_SECONDS = 25;
/** How long the carrier may take to end a call that the server has ended; after that it is hung up over REST [L19]. */
const CARRIER_GRACE_MS = 10_000;
/** How many ended calls are remembered, so that late and repeated webhooks get the right answer. */
const REMEMBERED_CALLS = 10_000;

export interface AnswerCallDeps {
  readonly lines: LineDirectory;
  readonly calls: CallRegistry;
  readonly carrier: Carrier;
  readonly clock: Clock;
  /** Chooses the agent for a caller who withholds the number. */
  readonly random?: () => number;
  readonly telemetry: CallTelemetry;
  readonly issueToken: (callSid: CallSid) => string;
  readonly phrasesFor: (language: string) => Readonly<Record<PhraseName, string>>;
  readonly createSession: (
    call: RingingCall,
    line: Line,
    onClosed: (reason: EndedReason) => void,
  ) => CallSession;
}

/**
 * Answers the carrier's webhooks: connects a dialled number to its tenant's agent, and instructs the carrier whenever a
 * media stream has ended. It uses memory only.
 */
export class CallAnswering implements IncomingCalls {
  readonly #deps: AnswerCallDeps;
  readonly #answers = new LRUCache<CallSid, CarrierInstruction>({ max: REMEMBERED_CALLS });
  readonly #graceTimers = new Map<CallSid, () => void>();

  constructor(deps: AnswerCallDeps) {
    this.#deps = deps;
  }

  ring(call: RingingCall): CarrierInstruction {
    const earlier = this.#answers.get(call.callSid);
    if (earlier !== undefined) return earlier;
    const answer = this.#answer(call);
    this.#answers.set(call.callSid, answer);
    return answer;
  }

  /** Takes the media stream of a call whose token was valid; closes it if the call is not live. */
  streamOpened(stream: MediaStream): void {
    const session = this.#deps.calls.find(stream.callSid);
    if (session === undefined) stream.close();
    else session.attach(stream);
  }

  afterStream(callSid: CallSid): CarrierInstruction {
    const session = this.#deps.calls.find(callSid);
    if (session === undefined) return { type: 'hang-up' };
    if (session.state.phase === 'transferring') {
      return {
        type: 'dial',
        phone: session.state.target.phone,
        callerId: session.line.number,
        timeoutSeconds: TRANSFER_RING_SECONDS,
      };
    }
    return this.#reconnect(callSid, session);
  }

  transferEnded(callSid: CallSid, outcome: TransferOutcome): CarrierInstruction {
    const session = this.#deps.calls.find(callSid);
    if (session === undefined) return { type: 'hang-up' };
    if (outcome === 'answered') {
      session.transferAnswered();
      return { type: 'hang-up' };
    }
    session.transferFailed(outcome);
    return this.#reconnect(callSid, session);
  }

  callCompleted(callSid: CallSid): void {
    this.#graceTimers.get(callSid)?.();
    this.#graceTimers.delete(callSid);
    const session = this.#deps.calls.find(callSid);
    session?.close(session.state.phase === 'transferring' ? 'transferred' : 'caller-hung-up');
  }

  #answer(call: RingingCall): CarrierInstruction {
    const { clock, lines, random = Math.random } = this.#deps;
    const dialled = lines.find(call.to);
    if (dialled === undefined) return this.#refuse('unknown-number', 'en-US');
    const answer = chooseAgent(dialled, { now: clock.date(), callerPhone: call.from, random });
    switch (answer.type) {
      case 'agent':
        return this.#connect(call, answer.line);
      case 'message':
        this.#deps.telemetry.callRefused('after-hours');
        return { type: 'say', text: answer.text, language: answer.language };
      case 'suspended':
        return this.#refuse('not-in-service', answer.language);
      case 'nobody':
        return this.#refuse('unknown-number', 'en-US');
      default:
        return answer satisfies never;
    }
  }

  #connect(call: RingingCall, line: Line): CarrierInstruction {
    if (!this.#deps.calls.hasRoom) return this.#refuse('busy', line.agent.language);
    const session = this.#deps.createSession(call, line, (reason) => this.#onClosed(call.callSid, reason));
    this.#deps.calls.add(call.callSid, session);
    this.#deps.telemetry.callRinging();
    return { type: 'connect', token: this.#deps.issueToken(call.callSid) };
  }

  #refuse(why: Exclude<RefusedReason, 'after-hours'>, language: string): CarrierInstruction {
    this.#deps.telemetry.callRefused(why);
    return { type: 'say', text: this.#deps.phrasesFor(language)[why], language };
  }

  #reconnect(callSid: CallSid, session: CallSession): CarrierInstruction {
    if (!session.awaitStream()) {
      session.close('never-connected');
      return this.#refuse('vendors-failed', session.line.agent.language);
    }
    return { type: 'connect', token: this.#deps.issueToken(callSid) };
  }

  #onClosed(callSid: CallSid, reason: EndedReason): void {
    this.#deps.calls.remove(callSid);
    this.#deps.telemetry.callEnded(reason);
    if (reason === 'caller-hung-up') return;
    const cancel = this.#deps.clock.after(CARRIER_GRACE_MS, () => {
      this.#graceTimers.delete(callSid);
      void this.#hangUpLeftover(callSid);
    });
    this.#graceTimers.set(callSid, cancel);
  }

  async #hangUpLeftover(callSid: CallSid): Promise<void> {
    try {
      if (await this.#deps.carrier.isLive(callSid)) await this.#deps.carrier.hangUp(callSid);
    } catch (error) {
      this.#deps.telemetry.hangUpFailed(callSid, error);
    }
  }

  close(): void {
    for (const cancel of this.#graceTimers.values()) cancel();
    this.#graceTimers.clear();
  }
}
