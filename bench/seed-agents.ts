import { pino } from 'pino';
import { seedDemo } from '../db/seed.ts';
import { demoAgent } from '../db/seed/demo-business.ts';
import { openRecords } from '../src/app/records.ts';
import { createAgent, publishDraft } from '../src/business/line/agents/agents.ts';
import { addNumber } from '../src/business/line/numbers/numbers.ts';
import { systemActor } from '../src/business/tenancy/actor/actor.ts';

/** The demo's agent, tools, recording and all, with and without speculative replies. */
export const numbers = { eager: '+15005550101', patient: '+15005550102' } as const;

export type AgentKind = keyof typeof numbers;

export async function seedAgents(dataDir: string, databaseUrl: string | undefined): Promise<void> {
  const config = { databaseUrl, dataDir, encryptionKeys: [] };
  await using records = await openRecords({ config, logger: pino({ level: 'error' }) });
  const { tenancy } = records;
  const { db } = records.database;
  const { tenantId } = await seedDemo({ db, tenancy });
  const actor = systemActor(tenantId, 'bench');
  for (const kind of ['eager', 'patient'] as const) {
    const turnTaking = kind === 'eager' ? {} : { eagerEndOfTurnThreshold: null };
    await tenancy.run(actor, async (tx) => {
      const agent = await createAgent(tx, actor, { ...demoAgent, turnTaking }, { slug: `bench-${kind}` });
      await publishDraft(tx, actor, agent.id);
      await addNumber(tx, actor, { phoneNumber: numbers[kind], agentId: agent.id });
    });
  }
}
