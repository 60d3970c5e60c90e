import { deepgram } from './deepgram/vendor.ts';
import { elevenlabs } from './elevenlabs/vendor.ts';
import { google } from './google/vendor.ts';
import { openai } from './openai/vendor.ts';
import { otpiq } from './otpiq/vendor.ts';
import { twilio } from './twilio/vendor.ts';

/** Every vendor the server works with. A new one is its folder and a line here. */
export const allVendors = [twilio, deepgram, openai, elevenlabs, google, otpiq] as const;
