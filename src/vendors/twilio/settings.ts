import type { VendorSettings } from '../fulfils.ts';

export interface TwilioSettings extends VendorSettings {
  readonly accountSid: string;
  /** The first one signs; each of them is accepted, so that a token can be rotated during calls. */
  readonly authTokens: readonly string[];
  /** E.164: the number that sends the platform's own messages; undefined disables them. */
  readonly messagesFrom: string | undefined;
}
