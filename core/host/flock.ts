import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter } from "node:path";
import { GuestkitError } from "../kit/errors.ts";

export interface FlockOptions {
  readonly signal: AbortSignal;
  /** How long it is waited for, ms; 0 only tries. */
  readonly patience: number;
  /** Beside others who look as well, for a look. */
  readonly shared?: boolean;
}

/** What flock(1) is to exit with where somebody else has the lock: no code of its own. */
const BUSY = 9;
/** Where it lies where PATH does not say. */
const TOOLS = ["/usr/bin", "/bin"];

/**
 * Takes the kernel's lock on an open file (flock(2)): it belongs to the open file description and is gone with its last
 * descriptor, whatever ends the process. Node cannot ask for it, a short child can: what it locks on the descriptor that it
 * inherits stays locked when it ends. "none" where the file system has no such locks. Throws `E_TOOL_MISSING`.
 */
export async function flock(fd: number, options: FlockOptions): Promise<"held" | "busy" | "none"> {
  const { signal, patience, shared = false } = options;
  signal.throwIfAborted();
  const wait = patience > 0 ? ["-w", (patience / 1000).toFixed(3)] : ["-n"];
  const child = spawn("flock", [shared ? "-s" : "-x", "-E", String(BUSY), ...wait, "3"], {
    stdio: ["ignore", "ignore", "ignore", fd],
    env: { PATH: searchPath() },
    // A Ctrl-C is ours to answer; `signal` ends it.
    detached: true,
    signal,
    killSignal: "SIGKILL",
  });
  const [code] = (await once(child, "exit").catch((cause: NodeJS.ErrnoException) => {
    signal.throwIfAborted();
    throw cause.code === "ENOENT" ? missing() : cause;
  })) as [number | null];
  if (code === 0) return "held";
  return code === BUSY ? "busy" : "none";
}

/** An empty entry would be the working folder, in which anybody may have laid a program of that name. */
function searchPath(): string {
  const own = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...own, ...TOOLS].join(delimiter);
}

const missing = () =>
  new GuestkitError("E_TOOL_MISSING", "Cannot run flock: it is not installed", {
    help: "Install it: sudo apt-get install util-linux",
  });
