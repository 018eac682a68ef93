import { folderIn } from "./path.ts";
import { SYSTEM_ERRORS, type SystemMeaning } from "./system-table.ts";

/** What was to be done, by system call; the last is for those that are not listed. */
const DEEDS: readonly (readonly [RegExp, string])[] = [
  [/^(open|access|l?stat|fstat|scandir|opendir|readlink|realpath|statfs)$/, "open"],
  [/^read/, "read"],
  [/^(write|fsync|fdatasync|ftruncate|copyfile|cp$)/, "write"],
  [/^(mkdir|mkdtemp|symlink|link)/, "make"],
  [/^(unlink|rm)/, "remove"],
  [/^rename/, "rename"],
  [/^[fl]?(chmod|chown|utime)/, "change"],
  [/^spawn/, "run"],
  [/^(connect|getaddrinfo)/, "connect to"],
  [/^(bind|listen)/, "listen on"],
  [/^/, "use"],
];

/** The parts of Node's own errors that matter here. */
interface Refusal {
  /** The errno: `ENOSPC`. */
  readonly code: string;
  readonly message: string;
  readonly syscall: string | null;
  readonly path: string | null;
  readonly dest: string | null;
}

/** A system error in this project's terms. */
export interface SystemFault {
  /** `E_SYSTEM_ENOSPC`. */
  readonly code: string;
  readonly message: string;
  readonly help: string;
  /** The file concerned; null where it is none, or unknown. */
  readonly file: string | null;
}

/**
 * What the system refused; null for what is no system error. `place` is the file that an operation on a descriptor was
 * about, which its error does not name, or which its error calls `alias`.
 */
export function systemFault(thrown: unknown, place: string | null = null, alias?: string): SystemFault | null {
  const found = refusalOf(thrown);
  if (!found) return null;
  const refusal = isTarget(found, alias) ? { ...found, path: place, dest: null } : asTarget(found);
  const path = refusal.path ?? place;
  const meaning = meaningOf(refusal);
  const deed = DEEDS.find(([call]) => call.test(refusal.syscall ?? ""))?.[1] ?? "use";
  return {
    code: `E_SYSTEM_${refusal.code}`,
    message: `Cannot ${deed} ${subject(path, refusal.dest)}: ${meaning.so}`,
    help: withPlace(meaning.help, refusal.dest ?? path),
    file: deed === "connect to" || deed === "listen on" ? null : path,
  };
}

const isTarget = ({ path }: Refusal, alias: string | undefined) => path !== null && path === alias;

/** What is written goes by a name of its own until it is whole (host/partial.ts): people know it by its target's. */
function asTarget(refusal: Refusal): Refusal {
  const path = refusal.path?.replace(/(^|\/)\.([^/]+)\.guestkit-partial-[^/]*$/, "$1$2") ?? null;
  return { ...refusal, path, dest: refusal.dest === path ? null : refusal.dest };
}

/** The words alone, for a message that says itself what could not be done: `permission denied`. */
export function reasonOf(thrown: unknown): string {
  const refusal = refusalOf(thrown);
  if (refusal) return meaningOf(refusal).so;
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * The limit of the host that a program met, told by what it printed (in the locale C); null where it met none. `place` is
 * the file that it was about.
 */
export function printedLimit(text: string, place: string | null = null): Pick<SystemFault, "code" | "help"> | null {
  const rows = Object.entries(SYSTEM_ERRORS);
  const found = rows.find(([, { printed }]) => printed !== undefined && text.includes(printed));
  return found ? { code: `E_SYSTEM_${found[0]}`, help: withPlace(found[1].help, place) } : null;
}

function refusalOf(thrown: unknown): Refusal | null {
  if (!(thrown instanceof Error)) return null;
  // A connection that was tried at several addresses.
  if (thrown instanceof AggregateError) return refusalOf(thrown.errors[0]);
  const { code, syscall, path, dest, address } = thrown as Error & Readonly<Record<string, unknown>>;
  // Node itself refuses a path that the kernel would cut.
  if (code === "ERR_INVALID_ARG_VALUE" && /null bytes/.test(thrown.message)) return { ...NUL, message: thrown.message };
  if (typeof code !== "string" || !/^E[A-Z0-9]+$/.test(code)) return null;
  const named = textOf(path) ?? textOf(address);
  return { code, message: thrown.message, syscall: textOf(syscall), path: named, dest: textOf(dest) };
}

const NUL = { code: "EINVAL", syscall: null, path: null, dest: null } as const;

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** One that the table lacks is said in the system's own words. */
function meaningOf({ code, message }: Refusal): SystemMeaning {
  const known = Object.hasOwn(SYSTEM_ERRORS, code) ? SYSTEM_ERRORS[code] : undefined;
  return known ?? { so: message.replace(/^E[A-Z0-9]+: /, "").replace(/, .*$/, ""), help: "Look at it: ls -ld %" };
}

function subject(path: string | null, dest: string | null): string {
  if (path === null) return "it";
  return dest === null ? `"${path}"` : `"${path}" to "${dest}"`;
}

function withPlace(help: string, path: string | null): string {
  const folder = path === null ? null : folderIn(path);
  return help.replace(/[%@]/g, (mark) => quoted(mark === "%" ? path : folder));
}

const quoted = (path: string | null): string => (path === null ? "FOLDER" : `'${path.replaceAll("'", "'\\''")}'`);
