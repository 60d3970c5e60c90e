import type { Logger } from 'pino';
import { Conversation, createAgent, voiceChannel } from '../agent/agent.ts';
import type { KnowledgeLookup } from '../agent/knowledge/knowledge.ts';
import type { Tool } from '../agent/tools/tools.ts';
import { fillVariables, phrasesFor } from '../agent/prompt/prompt.ts';
import { type EndedReason, recordingKeyOf } from '../business/record/calls/calls.ts';
import { type CallerNames, type Line, lineVariables } from '../business/line/directory/directory.ts';
import type { Tenancy } from '../business/tenancy/tenancy.ts';
import { CallSession, type CallTelemetry } from '../call/call.ts';
import type { Journals } from '../call/journal/journal.ts';
import { Listener, type OpenVoiceActivity, OwnVoice } from '../call/listening/listening.ts';
import { CallRecorder } from '../call/recording/recording.ts';
import { type PhraseAudio, type PlayoutClock, Speaker } from '../call/reply/reply.ts';
import type { RingingCall } from '../call/transport/transport.ts';
import type { Clock } from '../platform/process/clock.ts';
import { newId } from '../platform/data/ids.ts';
import type { Storage } from '../platform/data/storage.ts';
import { recognisersOf, type Vendors, voicesOf } from './connect-vendors.ts';

export interface CreateSessionDeps {
  readonly vendors: Vendors;
  readonly openVoiceActivity: OpenVoiceActivity;
  readonly tenancy: Tenancy;
  readonly callerNames: CallerNames;
  readonly storage: Storage;
  readonly knowledge: KnowledgeLookup;
  readonly toolList: readonly Tool[] | undefined;
  readonly journals: Journals;
  readonly phraseAudio: PhraseAudio;
  readonly playoutClock: PlayoutClock;
  readonly telemetry: CallTelemetry;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Wires the parts of one call. It is synchronous, because the caller hears ringing until it returns. */
export function createSession(
  deps: CreateSessionDeps,
  call: RingingCall,
  line: Line,
  onClosed: (reason: EndedReason) => void,
): CallSession {
  const { clock, vendors } = deps;
  const { agent } = line;
  const callId = newId('call');
  const logger = deps.logger.child({ callId, tenantId: line.tenantId });
  const journal = deps.journals.open({ callId, tenantId: line.tenantId });
  const conversation = new Conversation();
  const recognisers = recognisersOf(agent, vendors);
  const voices = voicesOf(agent, vendors);
  const ownVoice = new OwnVoice();
  const recorder = agent.recording.enabled
    ? new CallRecorder({
        storage: deps.storage,
        key: recordingKeyOf(callId),
        clock,
        onLoss: ({ lostMs, error }) => logger.warn({ lostMs, err: error }, 'recording incomplete'),
      })
    : undefined;
  return new CallSession({
    callId,
    callSid: call.callSid,
    from: call.from,
    line,
    services: { sttVendor: recognisers[0].vendor, ttsVendor: voices[0].tts.vendor },
    clock,
    journal,
    conversation,
    recorder,
    agent: createAgent(
      {
        model: vendors.model,
        tenancy: deps.tenancy,
        knowledge: deps.knowledge,
        toolList: deps.toolList,
        clock,
        onError: (what, error) => logger.error({ err: error, what }, 'call agent failed'),
      },
      {
        channel: voiceChannel,
        occasion: { callId },
        line,
        customerPhone: call.from,
        customerName: callerOf(deps.callerNames, line, call.from),
        variables: lineVariables(line, clock.date()),
        history: conversation,
      },
    ),
    speaker: new Speaker({
      voices,
      clock,
      playoutClock: deps.playoutClock,
      emitFault: (fault) => journal.append(fault),
      tap: {
        onSent(mulaw, offsetMs) {
          ownVoice.played(mulaw, offsetMs);
          recorder?.agent(mulaw, offsetMs);
        },
        onCleared(fromOffsetMs) {
          ownVoice.cleared(fromOffsetMs);
          recorder?.clearAgent(fromOffsetMs);
        },
      },
    }),
    createListener: (emit) =>
      new Listener({
        recognisers,
        options: {
          language: agent.language,
          keyterms: agent.speechToText.keyterms,
          endOfTurnThreshold: agent.turnTaking.endOfTurnThreshold,
          eagerEndOfTurnThreshold: agent.turnTaking.eagerEndOfTurnThreshold ?? undefined,
          endOfTurnTimeoutMs: agent.turnTaking.endOfTurnTimeoutMs,
        },
        settings: agent.turnTaking,
        voiceActivity: deps.openVoiceActivity,
        ownVoice,
        clock,
        emit,
      }),
    phrases: phrasesFor(agent.language),
    greeting: greetingOf(line),
    findAudio: (text) => deps.phraseAudio.find(voices[0], text),
    observe: (event) => deps.telemetry.recorded(event, logger),
    onError: (error) => logger.error({ err: error }, 'call session failed; call ended'),
    isLiveAtCarrier: () => vendors.carrier.carrier.isLive(call.callSid),
    onClosed,
  });
}

/** Starts to look the caller's name up during ringing. The first reply does not wait for it. */
function callerOf(names: CallerNames, { tenantId }: Line, phone: string | undefined) {
  if (phone === undefined) return undefined;
  void names.lookUp(tenantId, phone);
  return () => names.find(tenantId, phone);
}

/** Uses no variables of the caller, so that the audio can be synthesised before any call. */
export function greetingOf(line: Line): string {
  return fillVariables(line.agent.greeting, {
    'business.name': line.businessName,
    'agent.name': line.agent.name,
  });
}
