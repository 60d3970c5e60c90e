import type { Desk, Move } from '../desk.ts';
import { isObject } from '../../vendor-server.ts';
import { findProperty } from '../tool-arguments.ts';
import { findMentioned } from '../understanding/details.ts';
import { cannot, explain } from './answering.ts';

const TOOL = 'transfer_call';

/** Puts the caller through: the sentence and the tool call go in one answer. */
export function transfer(desk: Desk): Move {
  if (!desk.offers(TOOL)) return cannot(desk, 'connect you with somebody');
  if (desk.runs(TOOL, desk.since.slice(-1)).length > 0) return { text: '' };
  if (desk.lastRun?.failure) return explain(desk.lastRun.failure, desk);
  const reason = desk.since.map(({ said }) => said).join(' ');
  const target = chosenTarget(desk, reason);
  return (
    desk.use(TOOL, { ...(target ? { target } : {}), reason }, "One moment please, I'll put you through.") ?? {
      text: '',
    }
  );
}

/** The one whose description shares words with what the caller asked for; else the first. */
function chosenTarget(desk: Desk, reason: string): string | undefined {
  const schema = desk.schemaOf(TOOL);
  const property = findProperty(schema, 'target');
  const definition = property && isObject(schema['properties']) ? schema['properties'][property] : undefined;
  const ids =
    isObject(definition) && Array.isArray(definition['enum']) ? (definition['enum'] as unknown[]) : [];
  const names = ids.filter((id): id is string => typeof id === 'string');
  const listed =
    names.length > 0 ? names : [...desk.directory.matchAll(/^- ([a-z][a-z0-9-]*): /gm)].map(([, id]) => id!);
  const described = (id: string) =>
    new RegExp(`\\b${id}: ([^\\n;]*)`).exec(desk.directory)?.[1] ?? id.replaceAll('-', ' ');
  return findMentioned(reason, listed, described) ?? listed[0];
}
