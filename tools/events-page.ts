import { allEventTypes } from '../src/app/events.ts';
import type { EventType } from '../src/business/tenancy/events/events.ts';

const introduction = `# Events

What happens to a resource is written down once, in the transaction that makes it true, and read by processors: audit log,
histories, alerts, live streams and more. An event has a type, a version, a subject and up to three parts: the facts
\`before\`, the facts \`after\`, and \`details\`.

This page is made from the declared event types by \`npm run docs\`.
`;

/** docs/EVENTS.md: every declared event type, by resource. */
export function renderEvents(): string {
  const byResource = Map.groupBy(allEventTypes, ({ resource }) => resource);
  const sections = [...byResource]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([resource, types]) => `## ${resource}\n\n${types.map(describeType).join('\n')}\n`);
  return [introduction, ...sections].join('\n');
}

function describeType({ type, version, says, audited, spec }: EventType): string {
  const parts = (['before', 'after', 'details'] as const).flatMap((part) => {
    const fields = Object.keys(spec[part]?.shape ?? {});
    return fields.length === 0
      ? []
      : [`  - \`${part}\`: ${fields.map((field) => `\`${field}\``).join(', ')}`];
  });
  const notes = [version === 1 ? '' : ` Version ${version}.`, audited ? '' : ' Not in the audit log.'].join(
    '',
  );
  return [`- \`${type}\`: ${says}${notes}`, ...parts].join('\n');
}
