import { randomBytes } from 'node:crypto';
import {
  createAgent,
  findAgentBySlug,
  getAgentVersion,
  publishDraft,
} from '../../src/business/line/agents/agents.ts';
import { addMember } from '../../src/business/identity/members/members.ts';
import { createPerson } from '../../src/business/identity/people/people.ts';
import type { PriceTable } from '../../src/business/record/calls/calls.ts';
import { addNumber, listActiveNumbers } from '../../src/business/line/numbers/numbers.ts';
import type { Db } from '../../src/platform/data/db.ts';
import type { TenantId } from '../../src/platform/data/ids.ts';
import { Passwords } from '../../src/platform/crypto/password.ts';
import type { Tenancy, Tx } from '../../src/business/tenancy/tenancy.ts';
import { type Role, systemActor } from '../../src/business/tenancy/actor/actor.ts';
import type { StoryLine } from './call-story.ts';
import { demoBusiness, eveningAgent } from './demo-business.ts';
import { seedHistory } from './history.ts';

/** Published in the README. In production a password is generated instead. */
const KNOWN_PASSWORD = 'harbour-street';
export const demoMembers: readonly { readonly email: string; readonly name: string; readonly role: Role }[] =
  [
    { email: 'owner@harbour-street.example', name: 'Alex Morgan', role: 'owner' },
    { email: 'manager@harbour-street.example', name: 'Sam Ortega', role: 'manager' },
    { email: 'viewer@harbour-street.example', name: 'Jo Winter', role: 'viewer' },
  ];

interface ShowcaseTarget {
  readonly db: Db;
  readonly tenancy: Tenancy;
}

interface ShowcaseOptions {
  readonly isProduction: boolean;
  /** Prices for the costs of its calls. */
  readonly prices: PriceTable;
}

/** Extends the demo tenant with members, a second agent with its number, and three weeks of calls. */
export async function seedShowcase(
  target: ShowcaseTarget,
  tenantId: TenantId,
  { isProduction, prices }: ShowcaseOptions,
): Promise<{ readonly calls: number; readonly password: string }> {
  const { tenancy } = target;
  const password = isProduction ? randomBytes(12).toString('base64url') : KNOWN_PASSWORD;
  await seedMembers(tenancy, tenantId, password);
  const lines = await tenancy.run({ tenantId }, async (tx) => {
    await seedEveningDesk(tx);
    return [
      await lineOf(tx, 'front-desk', demoBusiness.number),
      await lineOf(tx, 'evening-desk', demoBusiness.secondNumber),
    ] as const;
  });
  return { password, calls: await seedHistory(target, lines, { now: new Date(), prices }) };
}

async function seedMembers(tenancy: Tenancy, tenantId: TenantId, password: string): Promise<void> {
  const passwordHash = await new Passwords().hash(password);
  const now = new Date();
  await tenancy.system(async (tx) => {
    for (const { email, name, role } of demoMembers) {
      const known = { name, email: { address: email, isVerified: true }, passwordHash };
      const person = await createPerson(tx, known, now);
      if (person !== undefined) await addMember(tx, { tenantId, personId: person.id, name, role }, now);
    }
  });
}

async function seedEveningDesk(tx: Tx): Promise<void> {
  const actor = systemActor(tx.tenantId, 'seed');
  const { id: agentId } = await createAgent(tx, actor, eveningAgent, { slug: 'evening-desk' });
  await publishDraft(tx, actor, agentId);
  await addNumber(tx, actor, { phoneNumber: demoBusiness.secondNumber, agentId });
}

async function lineOf(tx: Tx, slug: string, number: string): Promise<StoryLine> {
  const { tenantId } = tx;
  const agent = await findAgentBySlug(tx, slug);
  const numbers = await listActiveNumbers(tx);
  const found = numbers.find(({ phoneNumber }) => phoneNumber === number);
  if (agent?.publishedVersionId == null || found === undefined)
    throw new Error(`The line ${slug} is not there.`);
  const version = await getAgentVersion(tx, agent.publishedVersionId);
  return {
    tenantId,
    number,
    numberId: found.id,
    agentId: agent.id,
    agentVersionId: agent.publishedVersionId,
    agent: version.config,
  };
}
