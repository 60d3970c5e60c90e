/** The file cannot be read, and another attempt would fail alike. The message tells its owner why, and what to do. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
