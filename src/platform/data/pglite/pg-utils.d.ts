/** A file of `pg` that its published types leave out. */
declare module 'pg/lib/utils.js' {
  const utils: {
    /** A parameter as `pg` puts it on the wire. */
    prepareValue(value: unknown): string | Buffer | null;
  };
  export default utils;
}
