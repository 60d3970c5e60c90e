/** Object storage, for recordings and files. An object is written once, sequentially. */
export interface Storage {
  /** Opens a new object for writing; `key` is a relative path such as `recordings/call_….wav`. */
  create(key: string): Promise<StorageWriter>;
  /** Bytes `start` to `end` (inclusive) of an object; undefined if it does not exist. */
  read(key: string, range?: { start: number; end: number }): Promise<StoredObject | undefined>;
  remove(key: string): Promise<void>;
}

export interface StorageWriter {
  append(bytes: Uint8Array): Promise<void>;
  /** Overwrites bytes already written, for a WAV header, whose length is known last. */
  patch(position: number, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface StoredObject {
  readonly sizeBytes: number;
  readonly stream: NodeJS.ReadableStream;
}
