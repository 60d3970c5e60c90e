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

/** Settings of an account at a vendor. The address is configurable for tests, proxies and the simulator. */
export interface VendorSettings {
  /** http(s); sockets use the ws(s) form of it. */
  readonly baseUrl: string;
}

/** Dependencies of every factory besides the settings. */
export interface VendorContext {
  readonly clock: Clock;
  readonly logger: Logger;
  /** True if the vendor is simulated. */
  readonly isSimulated: boolean;
}

export interface Hears<Settings extends VendorSettings = VendorSettings> {
  /** Name of the service in usage, faults and metrics. */
  readonly service: string;
  /** Base languages (`en` for `en-US`) it recognises. */
  readonly languages: readonly string[];
  readonly pricePerMinute: number;
  connect(settings: Settings, context: VendorContext): SpeechToText;
}

export interface Speaks<Settings extends VendorSettings = VendorSettings> {
  /** Name of the service in usage, faults and metrics. */
  readonly service: string;
  /** Base languages for which it has voices. */
  readonly languages: readonly string[];
  /** Base languages of a voice, also of one that is not listed here. */
  languagesOf(voiceId: string): readonly string[];
  /** Voices to choose from; an account's own voices can be used by their ids too. */
  readonly voices: readonly Omit<CatalogueVoice, 'provider'>[];
  readonly pricePerThousandCharacters: number;
  connect(settings: Settings, context: VendorContext): TextToSpeech;
  openAccount(settings: Settings): Promise<VoiceAccount>;
}

export interface Thinks<Settings extends VendorSettings = VendorSettings> {
  /** Prices by model. */
  readonly prices: Readonly<Record<string, TokenPrices>>;
  connect(settings: Settings, context: VendorContext): LanguageModel & Warm;
}

export interface Embeds<Settings extends VendorSettings = VendorSettings> {
  connect(settings: Settings, context: VendorContext): Embedder;
}

export interface Carries<Settings extends VendorSettings = VendorSettings> {
  /** Price per started minute of an inbound call with a media stream. */
  readonly pricePerMinute: number;
  connect(settings: Settings, context: CarrierContext): CarrierConnection;
}

export interface Sends<Settings extends VendorSettings = VendorSettings> {
  /** Undefined if the account cannot send messages. */
  connect(settings: Settings, context: SenderContext): MessageSender | undefined;
}

export interface SignsIn<Settings extends VendorSettings = VendorSettings> {
  connect(settings: Settings, context: VendorContext): IdentityProvider;
}

/** Loads lazily loaded code and opens connections before the first call needs them. Never rejects. */
export interface Warm {
  warm(): Promise<void>;
}

export interface CarrierContext extends VendorContext {
  /** The URL under which the carrier calls and signs webhooks; without a slash at the end. */
  readonly publicUrl: string;
  /** Signs the tokens of media streams. */
  readonly tokenSecret: string;
}

/** A connected carrier: requests to it, and its webhooks. */
export interface CarrierConnection extends Warm {
  /** True if the carrier is simulated, so that orders cost nothing. */
  readonly isSimulated: boolean;
  readonly carrier: Carrier;
  readonly numbers: NumberCarrier;
  /** URLs to configure on phone numbers. */
  readonly webhooks: NumberWebhooks;
  /** Issues the token that the media stream of this call must present. */
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

/** Counters. */
export interface MediaCounts {
  readonly upgradesRefused: number;
  readonly streamsRefused: number;
  readonly streamsAccepted: number;
  readonly malformedFrames: number;
}

export interface SenderContext extends VendorContext {
  /** The text of a message, for senders without texts of their own. */
  readonly format: (message: OutgoingMessage) => string;
}

export interface MessageSender extends Notifier {
  /**
   * How well it suits a message: `best` for the vendor's own field, `last` for a fallback. Undefined if it cannot send
   * it.
   */
  suits(message: OutgoingMessage): 'best' | 'good' | 'last' | undefined;
}
