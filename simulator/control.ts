import type { CallReport } from './call-report.ts';
import type { CallRequest, Simulator } from './simulator.ts';
import { allScenarios } from './scenarios/all-scenarios.ts';
import { parseObject, readBody, sendJson, startVendorServer, type VendorServer } from './vendor-server.ts';

const MAX_BODY_BYTES = 64 * 1024;
const MAX_REMEMBERED = 1_000;

/** A small HTTP interface for placing simulated calls from outside: `POST /calls`, `GET /calls/:sid`, `GET /scenarios`. */
export async function startControl(simulator: Simulator, port = 0): Promise<VendorServer> {
  const reports = new Map<string, CallReport>();
  return startVendorServer({
    port,
    async onRequest(request, response, url) {
      const route = `${request.method} ${url.pathname}`;
      if (route === 'GET /scenarios') {
        const scenarios = allScenarios.map(({ name, description }) => ({ name, description }));
        return sendJson(response, 200, { data: scenarios });
      }
      if (route === 'POST /calls') {
        const body = parseObject((await readBody(request, MAX_BODY_BYTES)) ?? '');
        const wanted = body === undefined ? undefined : callRequestIn(body);
        if (wanted === undefined) return sendJson(response, 422, { detail: 'scenario and to are required' });
        const call = simulator.placeCall(wanted);
        void call.done.then(
          (report) => remember(reports, report),
          () => undefined,
        );
        return sendJson(response, 201, { callSid: call.callSid });
      }
      const sid = /^GET \/calls\/(CA[0-9a-f]{32})$/.exec(route)?.[1];
      const call = sid === undefined ? undefined : simulator.twilio.findCall(sid);
      if (call === undefined) return sendJson(response, 404, { detail: 'not found' });
      sendJson(response, 200, {
        callSid: sid,
        events: call.events,
        report: reports.get(call.callSid) ?? null,
      });
    },
    onUpgrade: (upgrade) => Promise.resolve(upgrade.refuse(404, { detail: 'not found' })),
  });
}

function callRequestIn(body: Readonly<Record<string, unknown>>): CallRequest | undefined {
  const { scenario, to } = body;
  if ((typeof scenario !== 'string' && typeof scenario !== 'object') || scenario === null) return undefined;
  if (typeof to !== 'string') return undefined;
  const optional: Record<string, string> = {};
  for (const name of ['from', 'voiceUrl', 'statusUrl', 'fallbackUrl', 'recordTo']) {
    const value = body[name];
    if (typeof value === 'string') optional[name] = value;
  }
  return { ...optional, scenario: scenario as CallRequest['scenario'], to };
}

function remember(reports: Map<string, CallReport>, report: CallReport): void {
  reports.set(report.callSid, report);
  if (reports.size > MAX_REMEMBERED) reports.delete(reports.keys().next().value!);
}
