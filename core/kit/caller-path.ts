/**
 * Whose machine a path is of. The *caller* is where a face runs, the *host* is where the engine works: mostly one machine,
 * and two where the engine is reached over a wire.
 */
import { GuestkitError } from "./errors.ts";

declare const side: unique symbol;

/**
 * What a field of the caller's side has in canonical form: a path, an address of the web or a digest, each as the field may
 * be. At run time a text, and no `string` to TypeScript, so that nothing opens it but by `context.files`. Where the caller is
 * on another machine, his paths begin with `caller:` and the host's with `host:`: neither is the name of a file.
 */
export interface CallerPath {
  readonly [side]: true;
}

/** Begins the path of a file of another machine: whoever asked lies there. */
const ELSEWHERE = "caller:";
/** Begins, as users write it, a path of the host in a field of the caller's side. */
const HOST = "host:";

/** A text of a field of the caller's side, as the engine hands it to implementations. */
export const asCallerPath = (text: string): CallerPath => text as unknown as CallerPath;

export const elsewhere = (path: string): string => `${ELSEWHERE}${path}`;
export const ofHost = (path: string): string => `${HOST}${path}`;

/** Whether it is a file of a caller on another machine. */
export const isElsewhere = (path: CallerPath | string): boolean => String(path).startsWith(ELSEWHERE);

/** The path after `host:`; null where it does not begin so. An address (`host://`) is none. */
export function hostsOwn(text: string): string | null {
  return text.startsWith(HOST) && !text.startsWith(`${HOST}//`) ? text.slice(HOST.length) : null;
}

/** What another machine calls its file; null where it is this one's. */
export const nameElsewhere = (path: CallerPath): string | null =>
  isElsewhere(path) ? String(path).slice(ELSEWHERE.length) : null;

/** The file beside it whose name goes on with `ending`. */
export const beside = (path: CallerPath, ending: string): CallerPath => asCallerPath(`${path}${ending}`);

/** The path of a file of this host. Throws `E_FILE_ELSEWHERE`. */
export function ownPath(path: CallerPath): string {
  const name = nameElsewhere(path);
  if (name === null) return hostsOwn(String(path)) ?? String(path);
  throw new GuestkitError("E_FILE_ELSEWHERE", `Cannot read "${name}": it lies on the machine that declared it`, {
    at: { file: name },
    help: "Apply from there, or put it on this host and name it as host:/PATH.",
  });
}
