/** Where recordings go. One file is written once, from its beginning, while the call goes on. */
export interface Storage {
  /** Opens a new object for writing; `key` is a relative path such as `recordings/call_….wav`. */
  create(key: string): Promise<StorageWriter>;
  /** Bytes `start` to `end` (inclusive) of an object, or undefined where there is none. */
  read(key: string, range?: { start: number; end: number }): Promise<StoredObject | undefined>;
  remove(key: string): Promise<void>;
}

export interface StorageWriter {
  append(bytes: Uint8Array): Promise<void>;
  /** Overwrites bytes already written: a WAV header learns its length last. */
  patch(position: number, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface StoredObject {
  readonly sizeBytes: number;
  readonly stream: NodeJS.ReadableStream;
}
