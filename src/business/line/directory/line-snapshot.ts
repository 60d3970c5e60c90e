import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { AgentConfig } from '../agents/agents.ts';
import { parseId } from '../../../platform/data/ids.ts';
import type { AgentVersionId } from '../../tenancy/references/ids.ts';
import {
  type AgentVersions,
  type DirectoryContent,
  directoryContentSchema,
  parseVersion,
} from './directory-content.ts';

/** Where the directory keeps what it serves, for a start without the database. */
export interface LineSnapshot {
  /** Undefined where nothing was kept, or nothing readable. */
  read(): Promise<Snapshot | undefined>;
  write(snapshot: Snapshot): Promise<void>;
}

export interface Snapshot {
  readonly content: DirectoryContent;
  readonly versions: AgentVersions;
}

const fileSchema = z.object({ content: directoryContentSchema, versions: z.record(z.string(), z.unknown()) });

export function snapshotFile(path: string): LineSnapshot {
  return {
    async read() {
      try {
        const kept = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
        const versions = Object.entries(kept.versions).flatMap(([key, config]) => {
          const id = parseId('agv', key);
          const agent = parseVersion(config);
          return id === undefined || agent === undefined
            ? []
            : [[id, agent] as [AgentVersionId, AgentConfig]];
        });
        return { content: kept.content, versions: new Map(versions) };
      } catch {
        return undefined;
      }
    },
    async write({ content, versions }) {
      await mkdir(dirname(path), { recursive: true });
      // Whole or not at all; and for our eyes only, it holds what agents are told.
      const draft = `${path}.${process.pid}.draft`;
      const text = JSON.stringify({ content, versions: Object.fromEntries(versions) });
      await writeFile(draft, text, { mode: 0o600 });
      await rename(draft, path);
    },
  };
}
