/** One package of which something is there. */
export interface Package {
  readonly name: string;
  /** Null where the version has none. */
  readonly epoch: number | null;
  readonly version: string;
  /** The distribution's revision; null for a package that has none. */
  readonly release: string | null;
  /** `amd64`, `all`. */
  readonly arch: string | null;
  /** dpkg's: `installed`, `unpacked`, `half-configured`, ... */
  readonly status: string;
  /** The source package's name. */
  readonly source: string | null;
  /** Bytes on disk as the package says; null where it does not. */
  readonly size: number | null;
}
