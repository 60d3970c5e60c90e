import { KnowledgeLookup } from '../agent/knowledge/knowledge.ts';
import { KnowledgeSearch } from '../business/knowledge/knowledge.ts';
import type { Base } from './base.ts';
import type { Vendors } from './connect-vendors.ts';
import type { Records } from './records.ts';

/** Search of the knowledge base: for agents on calls and in chats, and for the API. */
export interface Knowledge extends AsyncDisposable {
  readonly search: KnowledgeSearch;
  readonly lookup: KnowledgeLookup;
}

export function openKnowledge(
  { clock, logger }: Base,
  { tenancy }: Records,
  { embedder }: Vendors,
): Knowledge {
  const search = new KnowledgeSearch({
    tenancy,
    clock,
    embedder,
    onError: (error) => logger.warn({ err: error }, 'embedding failed; searching by keywords only'),
  });
  const lookup = new KnowledgeLookup({
    tenancy,
    search,
    onError: (error) => logger.warn({ err: error }, 'caller question not recorded'),
  });
  return { search, lookup, [Symbol.asyncDispose]: () => lookup[Symbol.asyncDispose]() };
}
