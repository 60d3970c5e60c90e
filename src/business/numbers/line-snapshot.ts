import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { agentConfigSchema } from '../agents/agent-config.ts';
import { parseId } from '../../platform/ids.ts';
import type { Line } from './line.ts';

const id = <Prefix extends string>(prefix: Prefix) =>
  z.string().transform((text, context) => {
    const parsed = parseId(prefix, text);
    if (parsed !== undefined) return parsed;
    context.addIssue(`is not the id of a ${prefix}`);
    return z.NEVER;
  });

const lineSchema = z.object({
  number: z.string(),
  numberId: id('num'),
  tenantId: id('tnt'),
  businessName: z.string(),
  timeZone: z.string(),
  agentId: id('agt'),
  agentVersionId: id('agv'),
  agent: agentConfigSchema,
});

export function parseLine(value: unknown): Line | undefined {
  return lineSchema.safeParse(value).data;
}

/** Where the directory keeps what it serves, for a start without the database. */
export interface LineSnapshot {
  /** Empty where nothing was kept, or nothing readable. */
  read(): Promise<readonly Line[]>;
  write(lines: readonly Line[]): Promise<void>;
}

export function snapshotFile(path: string): LineSnapshot {
  return {
    async read() {
      try {
        const kept: unknown = JSON.parse(await readFile(path, 'utf8'));
        return Array.isArray(kept) ? kept.flatMap((value) => parseLine(value) ?? []) : [];
      } catch {
        return [];
      }
    },
    async write(lines) {
      await mkdir(dirname(path), { recursive: true });
      // Whole or not at all; and for our eyes only, it holds what agents are told.
      const draft = `${path}.${process.pid}.draft`;
      await writeFile(draft, JSON.stringify(lines), { mode: 0o600 });
      await rename(draft, path);
    },
  };
}
