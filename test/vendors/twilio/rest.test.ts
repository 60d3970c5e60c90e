import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { VendorError } from '../../../src/platform/process/errors.ts';
import type { CallSid } from '../../../src/business/tenancy/ids/ids.ts';
import { createTwilioCalls, type TwilioCalls } from '../../../src/vendors/twilio/rest.ts';

const accountSid = 'AC00000000000000000000000000000001';
const callSid = 'CA00000000000000000000000000000001' as CallSid;

interface Request {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly body: URLSearchParams;
  readonly authorization: string | undefined;
}

/** Answers every request alike and remembers them. */
async function answering(
  status: number,
  answer: unknown,
): Promise<AsyncDisposable & { calls: TwilioCalls; requests: Request[] }> {
  const requests: Request[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const { authorization } = request.headers;
      requests.push({
        method: request.method,
        url: request.url,
        body: new URLSearchParams(body),
        authorization,
      });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix`;
  return {
    requests,
    calls: createTwilioCalls({ accountSid, authToken: 'secret-token', baseUrl }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('what we ask of Twilio', () => {
  it('hangs up, at the address we were given', async () => {
    await using twilio = await answering(200, { sid: callSid, status: 'completed' });
    await twilio.calls.completeCall(callSid);
    expect(twilio.requests).toMatchObject([
      {
        method: 'POST',
        url: `/prefix/2010-04-01/Accounts/${accountSid}/Calls/${callSid}.json`,
        authorization: `Basic ${btoa(`${accountSid}:secret-token`)}`,
      },
    ]);
    expect(twilio.requests[0]!.body.get('Status')).toBe('completed');
  });

  it.each([
    [404, { code: 20404, message: 'not found', status: 404 }],
    [400, { code: 21220, message: 'not in-progress', status: 400 }],
  ])('[L19] takes a call that has ended already (%s) for hung up', async (status, answer) => {
    await using twilio = await answering(status, answer);
    await expect(twilio.calls.completeCall(callSid)).resolves.toBeUndefined();
    await expect(twilio.calls.findCallStatus(callSid)).resolves.toBeUndefined();
  });

  it('[F10] asks whether a call is still going on', async () => {
    await using twilio = await answering(200, { sid: callSid, status: 'in-progress' });
    await expect(twilio.calls.findCallStatus(callSid)).resolves.toBe('in-progress');
    expect(twilio.requests[0]!.method).toBe('GET');
  });

  it.each([
    [429, 20429, true],
    [500, 20500, true],
    [401, 20003, false],
  ])('reports %s as %s, worth another try: %s, asking once', async (status, code, isRetryable) => {
    await using twilio = await answering(status, { code, message: 'no secret-token here', status });
    const error = await twilio.calls.completeCall(callSid).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(VendorError);
    expect(error).toMatchObject({ vendor: 'twilio', code: String(code), isRetryable });
    expect((error as VendorError).message).not.toContain('secret-token');
    expect(twilio.requests).toHaveLength(1);
  });

  it('reports a server that is not there as worth another try', async () => {
    const calls = createTwilioCalls({ accountSid, authToken: 'secret-token', baseUrl: 'http://127.0.0.1:1' });
    await expect(calls.completeCall(callSid)).rejects.toMatchObject({
      name: 'VendorError',
      isRetryable: true,
    });
  });
});
