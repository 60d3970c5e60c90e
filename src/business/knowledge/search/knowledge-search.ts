import type { Clock } from '../../../platform/process/clock.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import { fuse } from './fuse.ts';
import { QuestionVectors } from './question-vectors.ts';
import {
  type Embedder,
  type FoundChunk,
  listLanguages,
  normaliseQuestion,
  readChunks,
  searchWords,
  textConfiguration,
  type TextHit,
  type VectorHit,
  VectorStore,
} from '../indexing/indexing.ts';

export interface KnowledgeSearchDependencies {
  readonly tenancy: Tenancy;
  readonly clock: Clock;
  /** Without one, words alone are searched. */
  readonly embedder: Embedder | undefined;
  /** One way of searching failed; the other one answers alone. */
  readonly onError: (error: unknown) => void;
}

export interface SearchRequest {
  readonly question: string;
  readonly limit: number;
  /** The search answers by then with what it has found. */
  readonly deadlineMs: number;
}

/** A chunk that was found. */
export interface Passage extends FoundChunk {
  /** Comparable only with others of the same search. */
  readonly score: number;
  /** The share of the question's words that it contains (0 to 1); null when it was found by its meaning alone. */
  readonly coverage: number | null;
  /** The cosine of the vectors of question and passage; null when it was found by its words alone. */
  readonly similarity: number | null;
}

export interface SearchResult {
  /** `none`: the search by words was not through in time either. */
  readonly mode: 'hybrid' | 'text' | 'none';
  /** The best first. */
  readonly passages: readonly Passage[];
  /** Whether the answer is probably among them. */
  readonly isAnswered: boolean;
}

/** Each way of searching brings this many to be fused. */
const CANDIDATES = 20;
/** Half of the question by weight. Rare words weigh most. */
const ANSWERING_COVERAGE = 0.5;
/** Measured with text-embedding-3-small on questions and short passages; unrelated passages stay below 0.3. */
const ANSWERING_SIMILARITY = 0.38;

/**
 * Searches by words and, where there is an embedder, by meaning, both at once. The search by words takes milliseconds
 * in our own database; the question's vector takes hundreds, and is left out when the deadline comes first.
 */
export class KnowledgeSearch {
  readonly #deps: KnowledgeSearchDependencies;
  readonly #questionVectors: QuestionVectors | undefined;
  readonly #store = new VectorStore();

  constructor(deps: KnowledgeSearchDependencies) {
    this.#deps = deps;
    const { embedder, clock, onError } = deps;
    this.#questionVectors =
      embedder === undefined ? undefined : new QuestionVectors({ embedder, clock, onError });
  }

  /** Rejects when the database fails. Row-level security keeps passages of other tenants out. */
  async search(tenantId: TenantId, request: SearchRequest): Promise<SearchResult> {
    const question = normaliseQuestion(request.question);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let byText: readonly TextHit[] | undefined;
    let byVector: readonly (FoundChunk & VectorHit)[] | undefined;
    let isVectorSettled = false;
    const cancel = this.#deps.clock.after(request.deadlineMs, resolve);
    // The vendor is asked first, because it takes longer than the database.
    const compareMeanings = async (): Promise<void> => {
      byVector = await this.#byVector(tenantId, question);
      isVectorSettled = true;
      if (byText !== undefined) resolve();
    };
    const findWords = async (): Promise<void> => {
      byText = await this.#byText(tenantId, question);
      if (isVectorSettled) resolve();
    };
    void compareMeanings();
    findWords().catch(reject);
    try {
      await promise;
    } finally {
      cancel();
    }
    const passages = merge(byText ?? [], byVector ?? []).slice(0, request.limit);
    const mode = byVector !== undefined ? 'hybrid' : byText === undefined ? 'none' : 'text';
    return { mode, passages, isAnswered: passages.some(isAnswering) };
  }

  #byText(tenantId: TenantId, question: string): Promise<readonly TextHit[]> {
    return this.#deps.tenancy.run({ tenantId }, async (tx) => {
      const languages = await listLanguages(tx);
      if (languages.length === 0) return [];
      const configurations = languages.map(textConfiguration);
      return searchWords(tx, { question, languages, configurations, limit: CANDIDATES });
    });
  }

  /** Undefined when meanings cannot be compared; never rejects. */
  async #byVector(
    tenantId: TenantId,
    question: string,
  ): Promise<readonly (FoundChunk & VectorHit)[] | undefined> {
    const { tenancy, embedder, onError } = this.#deps;
    const vector = await this.#questionVectors?.get(question);
    if (vector === undefined || embedder === undefined) return undefined;
    try {
      return await tenancy.run({ tenantId }, async (tx) => {
        const search = { vector, model: embedder.model, limit: CANDIDATES };
        const hits = await this.#store.nearest(tx, search);
        return readChunks(tx, hits);
      });
    } catch (error) {
      onError(error);
      return undefined;
    }
  }
}

function isAnswering({ coverage, similarity }: Passage): boolean {
  return (coverage ?? 0) >= ANSWERING_COVERAGE || (similarity ?? 0) >= ANSWERING_SIMILARITY;
}

function merge(
  byText: readonly TextHit[],
  byVector: readonly (FoundChunk & VectorHit)[],
): readonly Passage[] {
  const textHits = new Map(byText.map((hit) => [keyOf(hit), hit]));
  const vectorHits = new Map(byVector.map((hit) => [keyOf(hit), hit]));
  const scores = fuse([[...textHits.keys()], [...vectorHits.keys()]]);
  return [...scores].map(([key, score]) => {
    const [text, vector] = [textHits.get(key), vectorHits.get(key)];
    const { sourceId, position, kind, title, headingPath, body, page } = (text ?? vector)!;
    return {
      sourceId,
      position,
      kind,
      title,
      headingPath,
      body,
      page,
      score,
      coverage: text?.coverage ?? null,
      similarity: vector?.similarity ?? null,
    };
  });
}

function keyOf({ sourceId, position }: FoundChunk): string {
  return `${sourceId} ${position}`;
}
