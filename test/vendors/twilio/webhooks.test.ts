import { fastify } from 'fastify';
import twilio from 'twilio';
import { afterEach, describe, expect, it } from 'vitest';
import type { CarrierInstruction, IncomingCalls } from '../../../src/call/transport/carrier.ts';
import { createTwilioSignature } from '../../../src/vendors/twilio/signature.ts';
import { twilioWebhooks } from '../../../src/vendors/twilio/webhooks.ts';

const publicUrl = 'https://voice.example.com';
const token = '12345';
const callSid = `CA${'1'.repeat(32)}`;

/** Answers every question with `instruction` and keeps what it was asked. */
class ScriptedCalls implements IncomingCalls {
  readonly asked: unknown[][] = [];
  readonly instruction: CarrierInstruction;

  constructor(instruction: CarrierInstruction = { type: 'hang-up' }) {
    this.instruction = instruction;
  }

  ring(...args: unknown[]): CarrierInstruction {
    return this.#note('ring', args);
  }
  afterStream(...args: unknown[]): CarrierInstruction {
    return this.#note('afterStream', args);
  }
  transferEnded(...args: unknown[]): CarrierInstruction {
    return this.#note('transferEnded', args);
  }
  callCompleted(...args: unknown[]): void {
    this.#note('callCompleted', args);
  }

  #note(what: string, args: unknown[]): CarrierInstruction {
    this.asked.push([what, ...args]);
    return this.instruction;
  }
}

let forged = 0;
const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  forged = 0;
  await Promise.all(open.splice(0).map((app) => app.close()));
});

async function serve(calls: IncomingCalls) {
  const app = fastify();
  open.push(app);
  const signature = createTwilioSignature({ publicUrl, authTokens: ['old', token] });
  await app.register(twilioWebhooks, { publicUrl, signature, calls, onForged: () => (forged += 1) });
  return app;
}

type App = Awaited<ReturnType<typeof serve>>;

function post(app: App, path: string, fields: Record<string, string>, signedWith = token) {
  return app.inject({
    method: 'POST',
    url: path,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': twilio.getExpectedTwilioSignature(signedWith, publicUrl + path, fields),
    },
    payload: new URLSearchParams(fields).toString(),
  });
}

describe("Twilio's webhooks", () => {
  it('answer a ringing call with a stream that carries its token, and what follows the stream', async () => {
    const calls = new ScriptedCalls({ type: 'connect', token: 'the-token' });
    const response = await post(await serve(calls), '/webhooks/twilio/voice', {
      CallSid: callSid,
      From: '+447700900001',
      To: '+15005550100',
    });
    expect(calls.asked).toEqual([['ring', { callSid, from: '+447700900001', to: '+15005550100' }]]);
    expect(response.headers['content-type']).toContain('text/xml');
    expect(response.body).toContain('<Stream url="wss://voice.example.com/media/twilio">');
    expect(response.body).toContain('<Parameter name="token" value="the-token"/>');
    expect(response.body).toContain('https://voice.example.com/webhooks/twilio/resume</Redirect>');
  });

  it('know a withheld number from a telephone number', async () => {
    const calls = new ScriptedCalls();
    await post(await serve(calls), '/webhooks/twilio/voice', {
      CallSid: callSid,
      From: 'anonymous',
      To: '+15005550100',
    });
    expect(calls.asked[0]?.[1]).toMatchObject({ from: undefined });
  });

  it('[F12] refuse a wrong signature with 403 and do nothing', async () => {
    const calls = new ScriptedCalls();
    const app = await serve(calls);
    for (const path of ['voice', 'resume', 'status', 'dial-result']) {
      const fields = { CallSid: callSid, CallStatus: 'completed' };
      expect((await post(app, `/webhooks/twilio/${path}`, fields, 'not-ours')).statusCode).toBe(403);
    }
    expect(calls.asked).toEqual([]);
    expect(forged).toBe(4);
  });

  it('[F12] refuse a body that was changed on its way', async () => {
    const calls = new ScriptedCalls();
    const app = await serve(calls);
    const path = '/webhooks/twilio/voice';
    const signature = twilio.getExpectedTwilioSignature(token, publicUrl + path, { CallSid: callSid });
    const response = await app.inject({
      method: 'POST',
      url: path,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
      payload: `CallSid=${callSid}&To=%2B15005550100`,
    });
    expect(response.statusCode).toBe(403);
    expect(calls.asked).toEqual([]);
  });

  it('[F36] accept the old token while a new one is rolled out', async () => {
    const app = await serve(new ScriptedCalls());
    const response = await post(app, '/webhooks/twilio/resume', { CallSid: callSid }, 'old');
    expect(response.statusCode).toBe(200);
  });

  it('[L19] hang up when nothing is left to do after a stream', async () => {
    const response = await post(await serve(new ScriptedCalls()), '/webhooks/twilio/resume', {
      CallSid: callSid,
    });
    expect(response.body).toContain('<Hangup/>');
  });

  it('dial the person a caller is passed on to, and report how it came out', async () => {
    const calls = new ScriptedCalls({
      type: 'dial',
      phone: '+447700900009',
      callerId: '+15005550100',
      timeoutSeconds: 25,
    });
    const app = await serve(calls);
    const response = await post(app, '/webhooks/twilio/resume', { CallSid: callSid });
    expect(response.body).toContain('action="https://voice.example.com/webhooks/twilio/dial-result"');
    expect(response.body).toContain('<Number>+447700900009</Number>');
    await post(app, '/webhooks/twilio/dial-result', { CallSid: callSid, DialCallStatus: 'no-answer' });
    await post(app, '/webhooks/twilio/dial-result', { CallSid: callSid, DialCallStatus: 'completed' });
    await post(app, '/webhooks/twilio/dial-result', { CallSid: callSid, DialCallStatus: 'canceled' });
    expect(calls.asked.slice(1)).toEqual([
      ['transferEnded', callSid, 'no-answer'],
      ['transferEnded', callSid, 'answered'],
      ['transferEnded', callSid, 'failed'],
    ]);
  });

  it('[F11] take only a final status for the end of a call', async () => {
    const calls = new ScriptedCalls();
    const app = await serve(calls);
    for (const status of ['completed', 'ringing', 'in-progress', 'busy', 'initiated']) {
      await post(app, '/webhooks/twilio/status', { CallSid: callSid, CallStatus: status });
    }
    expect(calls.asked).toEqual([
      ['callCompleted', callSid],
      ['callCompleted', callSid],
    ]);
  });

  it('say what is wrong with a signed request that names no call', async () => {
    const response = await post(await serve(new ScriptedCalls()), '/webhooks/twilio/voice', { From: 'x' });
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
  });
});
