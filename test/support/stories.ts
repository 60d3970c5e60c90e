import { afterAll, beforeAll } from 'vitest';
import type { VendorFaults } from '../../simulator/faults.ts';
import type { Scenario } from '../../simulator/scenario.ts';
import { getScenario } from '../../simulator/scenarios/all-scenarios.ts';
import { type AgentInput, CallWorld, type PlayedCall, type WorldOptions } from './call-world.ts';

export interface Story {
  /** Its faults, or those given here, are those of this call alone. */
  readonly scenario: Scenario | string;
  readonly faults?: VendorFaults;
  /** What makes this agent another than the demo's. */
  readonly agent?: Partial<AgentInput>;
  /** Where the call goes; its own line unless given. */
  readonly to?: string;
}

/** A story takes about a minute, and starts with all the others of its file. */
export const STORY_TIMEOUT_MS = 150_000;
const WORLD_TIMEOUT_MS = 90_000;
const BETWEEN_CALLS_MS = 120;

export interface Stories<Name extends string> {
  readonly world: () => CallWorld;
  /** Resolves when the call is over and on record. */
  readonly played: (name: Name) => Promise<PlayedCall>;
}

/** Starts a world for the test file and all its calls at once; each test waits for the call it is about. */
export function playStories<const Name extends string>(
  stories: Readonly<Record<Name, Story>>,
  options: WorldOptions = {},
): Stories<Name> {
  const calls = new Map<Name, Promise<PlayedCall>>();
  let world: CallWorld | undefined;

  beforeAll(async () => {
    world = await CallWorld.open(options);
    const lines = new Map<Name, { number: string }>();
    const faults: VendorFaults[] = [];
    const named = Object.entries(stories) as [Name, Story][];
    for (const [name, story] of named) {
      const ownFaults = story.faults ?? scenarioOf(story).faults;
      const ownVoice = ownFaults?.elevenlabs !== undefined || ownFaults?.deepgram?.speak !== undefined;
      const line = await world.addLine(story.agent, { ownVoice });
      lines.set(name, line);
      if (ownFaults !== undefined) faults.push(aimedAt(ownFaults, line.mark));
    }
    await world.settle(together(faults));
    for (const [name, story] of named) {
      const { faults: _, ...scenario } = scenarioOf(story);
      const call = world.call(scenario, { to: story.to ?? lines.get(name)!.number });
      call.catch(() => undefined);
      calls.set(name, call);
      // A telephone system rings once at a time; and the process is to have time for each.
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_CALLS_MS));
    }
  }, WORLD_TIMEOUT_MS);

  afterAll(async () => {
    await Promise.allSettled(calls.values());
    await world?.[Symbol.asyncDispose]();
  }, STORY_TIMEOUT_MS);

  return {
    world: () => world!,
    played: (name) => calls.get(name)!,
  };
}

function scenarioOf({ scenario }: Story): Scenario {
  return typeof scenario === 'string' ? getScenario(scenario) : scenario;
}

function aimedAt({ deepgram, openai, elevenlabs }: VendorFaults, where: string): VendorFaults {
  const aim = <Fault extends object>(faults: readonly Fault[] | undefined): { faults?: Fault[] } =>
    faults === undefined ? {} : { faults: faults.map((fault) => ({ ...fault, where })) };
  return {
    deepgram: { listen: aim(deepgram?.listen?.faults), speak: aim(deepgram?.speak?.faults) },
    openai: aim(openai?.faults),
    elevenlabs: aim(elevenlabs?.faults),
  };
}

function together(all: readonly VendorFaults[]): VendorFaults {
  return {
    deepgram: {
      listen: { faults: all.flatMap(({ deepgram }) => deepgram?.listen?.faults ?? []) },
      speak: { faults: all.flatMap(({ deepgram }) => deepgram?.speak?.faults ?? []) },
    },
    openai: { faults: all.flatMap(({ openai }) => openai?.faults ?? []) },
    elevenlabs: { faults: all.flatMap(({ elevenlabs }) => elevenlabs?.faults ?? []) },
  };
}
