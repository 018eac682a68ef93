/** A server that QEMU talks to over a Unix socket: it is started before QEMU, as its child, and ends with it. */
export interface Helper {
  readonly name: string;
  /** Absolute path. */
  readonly program: string;
  readonly argv: readonly string[];
  /** The socket by which one sees that it is ready. */
  readonly socket: string;
  /** Symbolic links that are made first, path to target: for programs whose options cannot spell every path. */
  readonly links: Readonly<Record<string, string>>;
}
