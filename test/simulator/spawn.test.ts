import { afterAll, describe, expect, it } from 'vitest';
import type { CallEvent } from '../../simulator/call-event.ts';
import { spawnSimulator, type SimulatorProcess } from '../../simulator/spawn.ts';
import { startAnsweringServer } from './answering-server.ts';

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

async function spawn(): Promise<SimulatorProcess> {
  const simulator = await spawnSimulator();
  closing.push(() => simulator.close());
  return simulator;
}

describe('the simulator in a process of its own', () => {
  it('places calls, emits their events and returns a report', async () => {
    const server = await startAnsweringServer({
      answer: () => '<Response><Say>We are closed.</Say></Response>',
    });
    closing.push(() => server.close());
    const simulator = await spawn();
    const events: CallEvent['type'][] = [];
    const report = await simulator.placeCall({
      scenario: 'silent-caller',
      to: '+15005550100',
      voiceUrl: `${server.url}/voice`,
      onEvent: ({ type }) => events.push(type),
    });
    expect(report).toMatchObject({
      scenario: 'silent-caller',
      status: 'completed',
      agentSaid: ['We are closed.'],
    });
    expect(events[0]).toBe('ringing');
    expect(events).toContain('ended');
    await expect(
      simulator.placeCall({ scenario: 'nonsense', to: '+1', voiceUrl: server.url }),
    ).rejects.toThrow(/no scenario/);
  });

  it('serves every vendor and its control interface', async () => {
    const server = await startAnsweringServer({ answer: () => '<Response><Reject/></Response>' });
    closing.push(() => server.close());
    const simulator = await spawn();
    expect(new Set(Object.values(simulator.addresses)).size).toBe(5);
    const scenarios = (await (await fetch(`${simulator.control}/scenarios`)).json()) as {
      data: { name: string }[];
    };
    expect(scenarios.data.map(({ name }) => name)).toContain('appointment');
    const placed = await fetch(`${simulator.control}/calls`, {
      method: 'POST',
      body: JSON.stringify({
        scenario: 'silent-caller',
        to: '+15005550100',
        voiceUrl: `${server.url}/voice`,
      }),
    });
    expect(placed.status).toBe(201);
    const { callSid } = (await placed.json()) as { callSid: string };
    let shown: { report: { status: string } | null };
    do shown = (await (await fetch(`${simulator.control}/calls/${callSid}`)).json()) as typeof shown;
    while (shown.report === null);
    expect(shown.report.status).toBe('no-answer');
  });

  it('ends when it is closed, and refuses calls afterwards', async () => {
    const simulator = await spawn();
    await simulator.close();
    await simulator.close();
    await expect(simulator.placeCall({ scenario: 'order', to: '+1' })).rejects.toThrow(/ended/);
  });
});
