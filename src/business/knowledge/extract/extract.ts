/** The door of extracting: what a file is, what is written in it, and the passages that text is cut into. */
export { type Chunk, chunkText, MAX_CHUNK_CHARACTERS } from './chunk-text.ts';
export { HEAD_BYTES, recogniseContent } from './content-type.ts';
export { type Extraction, extractFile } from './extract-file.ts';
export { readPlainText } from './read-text.ts';
