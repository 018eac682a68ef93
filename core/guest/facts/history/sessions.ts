import { TYPES } from "./layout.ts";
import type { UtmpRecord } from "./utmp.ts";

/** A start of the system. */
export interface Boot {
  /** RFC 3339, UTC. */
  readonly at: string | null;
  readonly kernel: string | null;
  /** When it was shut down; null where that is not told. */
  readonly until: string | null;
  /** crash: the next start was told without a shutdown; unknown: nothing was told after it. */
  readonly ended: "shutdown" | "crash" | "unknown";
}

/** A session of a user. */
export interface Login {
  readonly user: string;
  /** `pts/0`, `tty1`. */
  readonly line: string;
  /** Where it came from; null for one at the machine itself. */
  readonly host: string | null;
  readonly at: string | null;
  /** When it ended, or the system with it. */
  readonly until: string | null;
  readonly ended: "logout" | "shutdown" | "crash" | "unknown";
}

/** When a user was there last. */
export interface LastLogin {
  readonly user: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly line: string | null;
  readonly host: string | null;
  /** The file that tells. */
  readonly file: string;
}

/** What a file tells, newest first. */
export interface Sessions {
  readonly boots: readonly Boot[];
  readonly logins: readonly Login[];
}

/** Further back than this nothing is looked for. */
const MAX_RECORDS = 20_000;

/** Puts starts and ends together as last(1) does, up to `most` of each. */
export async function gatherSessions(records: AsyncIterable<UtmpRecord>, most: number): Promise<Sessions> {
  const boots: Boot[] = [];
  const logins: Login[] = [];
  const after = new After();
  let left = MAX_RECORDS;
  for await (const record of records) {
    if (--left < 0 || (boots.length >= most && logins.length >= most)) break;
    const kind = kindOf(record);
    if (kind === "boot" && boots.length < most) boots.push(after.boot(record));
    if (kind === "login" && logins.length < most) logins.push(after.login(record));
    after.note(kind, record);
  }
  return { boots, logins };
}

type Kind = "boot" | "shutdown" | "login" | "logout" | "other";

/** By the rules of last(1), which mistrusts the type of whatever has a name. */
function kindOf({ type, pid, line, user }: UtmpRecord): Kind {
  if (line.startsWith("~")) {
    if (user.startsWith("shutdown")) return "shutdown";
    if (user.startsWith("reboot")) return "boot";
    if (user.startsWith("runlevel")) return runLevel(pid);
  } else {
    if (user === "" || type === TYPES.dead) return "logout";
    if (user === "date" && (line === "|" || line === "{")) return "other";
    if (line !== "" && user !== "LOGIN") return "login";
  }
  if (type === TYPES.boot) return "boot";
  if (type === TYPES.login) return "login";
  return type === TYPES.runLevel ? runLevel(pid) : "other";
}

/** Levels 0 and 6 are the machine's end. */
function runLevel(pid: number): Kind {
  const level = String.fromCharCode(pid & 0xff);
  return level === "0" || level === "6" ? "shutdown" : "other";
}

/** What came after the record that is looked at. */
class After {
  /** When what is on a line ended: by its own end, or by what took the line next. */
  readonly #lines = new Map<string, number>();
  #shutdown: number | null = null;
  #end: { readonly at: number; readonly ended: "shutdown" | "crash" } | null = null;

  note(kind: Kind, { line, at }: UtmpRecord): void {
    if (kind === "login" || kind === "logout") {
      if (line !== "") this.#lines.set(line, at);
    } else if (kind === "boot" || kind === "shutdown") {
      this.#lines.clear();
      this.#shutdown = kind === "shutdown" ? at : null;
      this.#end = { at, ended: kind === "shutdown" ? "shutdown" : "crash" };
    }
  }

  boot({ at, host }: UtmpRecord): Boot {
    const ended = this.#shutdown !== null ? "shutdown" : this.#end ? "crash" : "unknown";
    return { at: instant(at), kernel: host || null, until: instant(this.#shutdown), ended };
  }

  login({ user, line, host, at }: UtmpRecord): Login {
    const logout = this.#lines.get(line);
    this.#lines.delete(line);
    const [until, ended] =
      logout !== undefined
        ? ([logout, "logout"] as const)
        : ([this.#end?.at ?? null, this.#end?.ended ?? "unknown"] as const);
    return { user, line, host: host || null, at: instant(at), until: instant(until), ended };
  }
}

/** Milliseconds as RFC 3339; null for none, and for what no calendar holds. */
export function instant(milliseconds: number | null): string | null {
  if (milliseconds === null || milliseconds <= 0 || milliseconds > LAST) return null;
  return new Date(milliseconds).toISOString();
}

/** The end of the year 9999. */
const LAST = 253_402_300_799_999;
