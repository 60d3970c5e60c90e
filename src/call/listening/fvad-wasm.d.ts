declare module '@echogarden/fvad-wasm' {
  /** The WebRTC voice detector compiled to WASM; pointers are plain numbers. */
  export interface FvadModule {
    /** Replaced when the memory grows, so it must be read for every use. */
    readonly HEAP16: Int16Array;
    cwrap(
      name: string,
      returns: 'number' | null,
      takes: readonly 'number'[],
    ): (...numbers: readonly number[]) => number;
  }

  export default function loadFvad(): Promise<FvadModule>;
}
