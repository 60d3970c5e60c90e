import type { FormParameters } from './signature.ts';
import { parseTwiml, TwimlError, type HttpMethod, type Verb } from './twiml.ts';

/** Instructions for the carrier: where to fetch them, or what they are. */
export type Instructions = FetchedInstructions | GivenInstructions;

export interface FetchedInstructions {
  readonly type: 'fetch';
  readonly url: string;
  readonly method: HttpMethod;
  /** Sent besides the usual ones. */
  readonly parameters?: FormParameters;
}

interface GivenInstructions {
  readonly type: 'document';
  readonly twiml: string;
  /** Relative addresses inside lead from here. */
  readonly url: string;
}

export interface Document {
  readonly verbs: readonly Verb[];
  readonly url: string;
}

/** Why a document cannot be run; `code` is the carrier's. */
export interface DocumentFailure {
  readonly code: number;
  readonly detail: string;
}

const APPLICATION_ERROR = 'We are sorry, an application error has occurred. Goodbye.';

/** The document to run: as asked for, else the fallback's, else an apology. */
export async function loadDocument(
  instructions: Instructions,
  means: {
    readonly fetch: (instructions: FetchedInstructions) => Promise<string | DocumentFailure>;
    readonly fallbackUrl: string | undefined;
    readonly onFailure: (failure: DocumentFailure) => void;
  },
): Promise<Document> {
  const { url } = instructions;
  const source = instructions.type === 'document' ? instructions.twiml : await means.fetch(instructions);
  const verbs = typeof source === 'string' ? parseOrFail(source) : source;
  if (Array.isArray(verbs)) return { verbs, url };
  means.onFailure(verbs);
  const { fallbackUrl } = means;
  if (fallbackUrl === undefined || url === fallbackUrl) {
    return { verbs: [{ verb: 'say', text: APPLICATION_ERROR, loop: 1 }], url };
  }
  const parameters: FormParameters = [
    ['ErrorCode', String(verbs.code)],
    ['ErrorUrl', url],
  ];
  return loadDocument({ type: 'fetch', url: fallbackUrl, method: 'POST', parameters }, means);
}

function parseOrFail(source: string): Verb[] | DocumentFailure {
  try {
    return parseTwiml(source);
  } catch (error) {
    if (error instanceof TwimlError) return { code: error.code, detail: error.message };
    throw error;
  }
}
