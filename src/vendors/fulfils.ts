import type { Logger } from 'pino';
import type { LanguageModel } from '../agent/agent.ts';
import type { IdentityProvider } from '../business/identity/auth/auth.ts';
import type { Notifier, OutgoingMessage } from '../business/identity/notices/notices.ts';
import type { Embedder } from '../business/knowledge/knowledge.ts';
import type { CatalogueVoice } from '../business/line/agents/agents.ts';
import type { NumberCarrier, NumberWebhooks } from '../business/line/numbers/numbers.ts';
import type { TokenPrices } from '../business/record/calls/calls.ts';
import type { CallSid } from '../business/tenancy/ids/ids.ts';
import type { SpeechToText } from '../call/listening/listening.ts';
import type { TextToSpeech } from '../call/reply/reply.ts';
import type { Carrier, IncomingCalls, MediaStream } from '../call/transport/transport.ts';
import type { VoiceAccount } from './voice-account.ts';
import type { HttpServer } from '../platform/http/http.ts';
import type { Clock } from '../platform/process/clock.ts';

/** What an account at a vendor always has: the address it is at, which tests, proxies and the simulator move. */
export interface VendorSettings {
  /** http(s); sockets use the ws(s) form of it. */
  readonly baseUrl: string;
}

/** What every factory is given besides the account. */
export interface VendorContext {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The account is at a stand-in. */
  readonly isSimulated: boolean;
}

export interface Hears<Settings extends VendorSettings = VendorSettings> {
  /** Its name on record: in usage, faults and metrics. */
  readonly service: string;
  /** Base languages (`en` for `en-US`) it recognises. */
  readonly languages: readonly string[];
  readonly pricePerMinute: number;
  connect(settings: Settings, context: VendorContext): SpeechToText;
}

export interface Speaks<Settings extends VendorSettings = VendorSettings> {
  /** Its name on record: in usage, faults and metrics. */
  readonly service: string;
  /** Base languages for which it has voices. */
  readonly languages: readonly string[];
  /** Base languages that one voice speaks, also a voice that is not listed here. */
  languagesOf(voiceId: string): readonly string[];
  /** To choose from; an account's own voices are named by their ids just the same. */
  readonly voices: readonly Omit<CatalogueVoice, 'provider'>[];
  readonly pricePerThousandCharacters: number;
  connect(settings: Settings, context: VendorContext): TextToSpeech;
  openAccount(settings: Settings): Promise<VoiceAccount>;
}

export interface Thinks<Settings extends VendorSettings = VendorSettings> {
  /** By model. */
  readonly prices: Readonly<Record<string, TokenPrices>>;
  connect(settings: Settings, context: VendorContext): LanguageModel & Warm;
}

export interface Embeds<Settings extends VendorSettings = VendorSettings> {
  connect(settings: Settings, context: VendorContext): Embedder;
}

export interface Carries<Settings extends VendorSettings = VendorSettings> {
  /** Per started minute of an inbound call with a media stream. */
  readonly pricePerMinute: number;
  connect(settings: Settings, context: CarrierContext): CarrierConnection;
}

export interface Sends<Settings extends VendorSettings = VendorSettings> {
  /** Undefined where the account sends nothing. */
  connect(settings: Settings, context: SenderContext): MessageSender | undefined;
}

export interface SignsIn<Settings extends VendorSettings = VendorSettings> {
  connect(settings: Settings, context: VendorContext): IdentityProvider;
}

/** Loads what is loaded lazily, before the first call pays for it. Never rejects. */
export interface Warm {
  warm(): Promise<void>;
}

export interface CarrierContext extends VendorContext {
  /** What the carrier sees, and signs; no slash at the end. */
  readonly publicUrl: string;
  /** Signs what opens a media stream. */
  readonly tokenSecret: string;
}

/** A carrier of calls: what we ask of it, and where it reaches us. */
export interface CarrierConnection extends Warm {
  /** It is played: whatever is ordered through it costs nothing. */
  readonly isSimulated: boolean;
  readonly carrier: Carrier;
  readonly numbers: NumberCarrier;
  /** Where the numbers we answer announce their calls. */
  readonly webhooks: NumberWebhooks;
  /** The pass with which the media stream of this call shows up. */
  issueToken(callSid: CallSid): string;
  openDoor(options: CarrierDoorOptions): Promise<CarrierDoor>;
}

export interface CarrierDoorOptions {
  readonly http: HttpServer;
  readonly calls: IncomingCalls;
  /** Called once per media stream that was checked. */
  readonly onStream: (stream: MediaStream) => void;
  /** A webhook with a wrong signature was refused. */
  readonly onForged: () => void;
  readonly maxHalfOpenPerAddress: number;
}

/** The carrier's webhooks and media sockets. Closing refuses new streams and ends the open ones. */
export interface CarrierDoor {
  readonly counters: MediaCounts;
  close(): Promise<void>;
}

/** Plain fields that only grow. */
export interface MediaCounts {
  readonly upgradesRefused: number;
  readonly streamsRefused: number;
  readonly streamsAccepted: number;
  readonly malformedFrames: number;
}

export interface SenderContext extends VendorContext {
  /** The words of a message, for senders that have none of their own. */
  readonly format: (message: OutgoingMessage) => string;
}

export interface MessageSender extends Notifier {
  /**
   * How well it suits a message: `best` where it is the vendor's own ground, `last` where anybody else is asked
   * first. Undefined where it cannot send it.
   */
  suits(message: OutgoingMessage): 'best' | 'good' | 'last' | undefined;
}
