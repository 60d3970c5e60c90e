import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../simulator/simulator.ts';
import { startAnsweringServer } from './answering-server.ts';

describe('the simulator', () => {
  it("keeps a scenario's faults in force until its call is over", async () => {
    const server = await startAnsweringServer({ answer: () => '<Response><Reject/></Response>' });
    const usual = { openai: { latency: { firstTokenMs: 1 } } };
    const simulator = await startSimulator({ faults: usual });
    const call = simulator.placeCall({
      scenario: 'slow-model',
      to: '+15005550100',
      voiceUrl: `${server.url}/voice`,
    });
    expect(simulator.faults.openai?.latency?.firstTokenMs).toBe(2_000);
    expect(simulator.openai.faults.latency?.firstTokenMs).toBe(2_000);
    expect((await call.done).status).toBe('no-answer');
    expect(simulator.faults).toEqual(usual);
    expect(simulator.openai.faults).toEqual(usual.openai);
    await simulator.close();
    await server.close();
  });

  it('rings with the number of the scenario, unless another is given', async () => {
    const server = await startAnsweringServer({
      answer: () => '<Response><Reject reason="busy"/></Response>',
    });
    const simulator = await startSimulator();
    const place = (from?: string) =>
      simulator.placeCall({
        scenario: 'order',
        to: '+15005550100',
        voiceUrl: server.url,
        ...(from && { from }),
      }).done;
    expect((await place()).status).toBe('busy');
    await place('anonymous');
    expect(server.requests.map(({ form }) => form['From'])).toEqual(['+14155550131', 'anonymous']);
    await simulator.close();
    await server.close();
  });
});
