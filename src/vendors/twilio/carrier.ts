import type { CarrierConnection, CarrierContext } from '../fulfils.ts';
import { MediaServer } from './media-server.ts';
import { createTwilioNumbers } from './numbers.ts';
import { createTwilioCalls } from './rest.ts';
import type { TwilioSettings } from './settings.ts';
import { createTwilioSignature } from './signature.ts';
import { StreamTokens } from './stream-token.ts';
import { MEDIA_PATH, STATUS_PATH, twilioWebhooks, VOICE_PATH } from './webhooks.ts';

/** Twilio as the carrier of calls: its REST interface, its webhooks and its media streams. */
export function connectCarrier(
  { accountSid, authTokens, baseUrl }: TwilioSettings,
  { publicUrl, tokenSecret, clock, logger, isSimulated }: CarrierContext,
): CarrierConnection {
  const account = { accountSid, authToken: authTokens[0] ?? '', baseUrl };
  const rest = createTwilioCalls(account);
  const tokens = new StreamTokens({ tokenSecret, clock });
  const signature = createTwilioSignature({ publicUrl, authTokens });
  return {
    isSimulated,
    carrier: {
      hangUp: (callSid) => rest.completeCall(callSid),
      isLive: async (callSid) => (await rest.findCallStatus(callSid)) === 'in-progress',
    },
    numbers: createTwilioNumbers(account),
    webhooks: { voiceUrl: publicUrl + VOICE_PATH, statusUrl: publicUrl + STATUS_PATH },
    issueToken: (callSid) => tokens.issue(callSid),
    warm: () => rest.warm(),
    async openDoor({ http, calls, onStream, onForged, maxHalfOpenPerAddress }) {
      await http.register(twilioWebhooks, { publicUrl, signature, calls, onForged });
      const options = { path: MEDIA_PATH, signature, tokens, clock, logger, maxHalfOpenPerAddress, onStream };
      const media = new MediaServer(options);
      media.attach(http.server);
      return media;
    },
  };
}
