import type { VendorSettings } from '../fulfils.ts';

export interface TwilioSettings extends VendorSettings {
  readonly accountSid: string;
  /** The first signs; each of them is accepted, so that a token can be replaced while calls go on. */
  readonly authTokens: readonly string[];
  /** E.164: sends the codes of the platform itself; undefined sends none. */
  readonly messagesFrom: string | undefined;
}
