import { open, type FileHandle } from 'node:fs/promises';
import { SAMPLE_RATE_HZ } from '../src/audio/frame.ts';
import { decodeMulawByte } from '../src/audio/mulaw.ts';

const HEADER_BYTES = 44;
const BYTES_PER_PAIR = 4;
/** Written in pieces of two seconds. */
const PIECE_BYTES = 2 * SAMPLE_RATE_HZ * BYTES_PER_PAIR;

/** A stereo recording (16-bit, 8 kHz) of both sides of a line, written as it goes: left the caller, right the agent. */
export class StereoRecording {
  readonly #file: FileHandle;
  #piece = Buffer.alloc(PIECE_BYTES);
  #filled = 0;
  #writtenBytes = 0;
  /** Writes follow one another; a failed one is reported by `close`. */
  #writing: Promise<unknown>;

  static async create(path: string): Promise<StereoRecording> {
    return new StereoRecording(await open(path, 'w'));
  }

  private constructor(file: FileHandle) {
    this.#file = file;
    this.#writing = file.write(header(0), 0, HEADER_BYTES, 0);
    this.#writing.catch(() => undefined);
  }

  /** Two stretches of mu-law of equal length. */
  write(left: Uint8Array, right: Uint8Array): void {
    for (let i = 0; i < left.length; i += 1) {
      this.#piece.writeInt16LE(decodeMulawByte(left[i]!), this.#filled);
      this.#piece.writeInt16LE(decodeMulawByte(right[i]!), this.#filled + 2);
      this.#filled += BYTES_PER_PAIR;
      if (this.#filled === PIECE_BYTES) this.#flush();
    }
  }

  async close(): Promise<void> {
    this.#flush();
    try {
      await this.#writing;
      await this.#file.write(header(this.#writtenBytes), 0, HEADER_BYTES, 0);
    } finally {
      await this.#file.close();
    }
  }

  #flush(): void {
    const piece = this.#piece.subarray(0, this.#filled);
    const at = HEADER_BYTES + this.#writtenBytes;
    this.#writing = this.#writing.then(() => this.#file.write(piece, 0, piece.length, at));
    this.#writing.catch(() => undefined);
    this.#writtenBytes += piece.length;
    this.#piece = Buffer.alloc(PIECE_BYTES);
    this.#filled = 0;
  }
}

function header(dataBytes: number): Buffer {
  const buffer = Buffer.alloc(HEADER_BYTES);
  buffer.write('RIFF', 0, 'latin1');
  buffer.writeUInt32LE(36 + dataBytes, 4);
  buffer.write('WAVEfmt ', 8, 'latin1');
  buffer.writeUInt32LE(16, 16);
  buffer.writeUInt16LE(1, 20);
  buffer.writeUInt16LE(2, 22);
  buffer.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  buffer.writeUInt32LE(SAMPLE_RATE_HZ * BYTES_PER_PAIR, 28);
  buffer.writeUInt16LE(BYTES_PER_PAIR, 32);
  buffer.writeUInt16LE(16, 34);
  buffer.write('data', 36, 'latin1');
  buffer.writeUInt32LE(dataBytes, 40);
  return buffer;
}
