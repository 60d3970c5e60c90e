import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { AgentConfig } from '../agents/agents.ts';
import { parseId } from '../../../platform/data/ids.ts';
import type { AgentVersionId } from '../../tenancy/ids/ids.ts';
import {
  type AgentVersions,
  type DirectoryContent,
  directoryContentSchema,
  parseVersion,
} from './directory-content.ts';

/** Where the directory stores what it serves, for a start without the database. */
export interface LineSnapshot {
  /** Undefined where there is none, or none that can be read. */
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
        const stored = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
        const versions = Object.entries(stored.versions).flatMap(([key, config]) => {
          const id = parseId('agv', key);
          const agent = parseVersion(config);
          return id === undefined || agent === undefined
            ? []
            : [[id, agent] as [AgentVersionId, AgentConfig]];
        });
        return { content: stored.content, versions: new Map(versions) };
      } catch {
        return undefined;
      }
    },
    async write({ content, versions }) {
      await mkdir(dirname(path), { recursive: true });
      // Renamed into place, so that it is whole or absent; readable by its owner alone, as it holds agents' instructions.
      const draft = `${path}.${process.pid}.draft`;
      const text = JSON.stringify({ content, versions: Object.fromEntries(versions) });
      await writeFile(draft, text, { mode: 0o600 });
      await rename(draft, path);
    },
  };
}
