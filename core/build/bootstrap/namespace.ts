import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { type Detached, detach } from "../../host/program/detach.ts";
import { findTool, type RunOptions, type RunResult, run } from "../../host/program/process.ts";
import { GuestkitError } from "../../kit/errors.ts";

/**
 * Runs a program as root of a namespace of its own: processes, mounts and, for an ordinary user, users. It is the
 * namespace's first process, so whatever it starts or mounts ends with it, and it ends with us.
 */
export interface Namespace {
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Starts one that goes on to its end whatever becomes of us. It prints nothing. */
  detach(command: string, args: readonly string[]): Detached;
}

const PRIVATE = ["--mount", "--pid", "--fork", "--kill-child"];
const AS_USER = ["--user", "--map-root-user", "--map-auto", ...PRIVATE];
/** Debian's own ids: what a package may own. */
const IDS_NEEDED = 65_536;

/**
 * Finds out that a namespace can be had. Throws `E_USERNS_SUBUID` (no ids to hand out), `E_USERNS_APPARMOR` and
 * `E_USERNS_DENIED` (the host forbids it), `E_TOOL_MISSING`; each with the command that mends it.
 */
export async function openNamespace(signal: AbortSignal): Promise<Namespace> {
  const { uid, username } = userInfo();
  if (uid !== 0) await requireIds(uid, username);
  const flags = uid === 0 ? PRIVATE : AS_USER;
  const unshare = (command: string, args: readonly string[]) => [...flags, "--", findTool(command), ...args];
  const namespace: Namespace = {
    run: (command, args, options = {}) => run("unshare", unshare(command, args), { cwd: "/", grace: 0, ...options }),
    detach: (command, args) => detach("unshare", unshare(command, args)),
  };
  // A mount and a change of owner are what a bootstrap needs and what a confined namespace refuses.
  const probe = "mount -t tmpfs tmpfs /mnt && touch /mnt/x && chown 42:42 /mnt/x";
  try {
    await namespace.run("sh", ["-c", probe], { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw await denied(uid, cause);
  }
  return namespace;
}

async function requireIds(uid: number, username: string): Promise<void> {
  findTool("newuidmap");
  findTool("newgidmap");
  for (const file of ["/etc/subuid", "/etc/subgid"]) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (hasIds(text, uid, username)) continue;
    throw new GuestkitError(
      "E_USERNS_SUBUID",
      `Cannot bootstrap as user "${username}": ${file} gives it no range of ${IDS_NEEDED} ids`,
      { help: `Give it one: ${await usermod(username)}`, at: { file } },
    );
  }
}

/** Whether the text of /etc/subuid or /etc/subgid gives the user a whole range: `name-or-uid:first:count`. */
export function hasIds(text: string, uid: number, username: string): boolean {
  return ranges(text).some((each) => [username, String(uid)].includes(each.owner) && each.count >= IDS_NEEDED - 1);
}

/** The first range above every one that is handed out. */
export function freeRange(texts: readonly string[]): { first: number; last: number } {
  const ends = texts.flatMap(ranges).map((each) => each.first + each.count);
  const first = Math.max(100_000, ...ends);
  return { first, last: first + IDS_NEEDED - 1 };
}

function ranges(text: string): { owner: string; first: number; count: number }[] {
  return text.split("\n").flatMap((line) => {
    const [owner, first, count] = line.split(":");
    return owner && first && count ? [{ owner, first: Number(first), count: Number(count) }] : [];
  });
}

async function usermod(username: string): Promise<string> {
  const texts = await Promise.all(["/etc/subuid", "/etc/subgid"].map((file) => readFile(file, "utf8").catch(() => "")));
  const { first, last } = freeRange(texts);
  return `sudo usermod --add-subuids ${first}-${last} --add-subgids ${first}-${last} ${username}`;
}

async function denied(uid: number, cause: unknown): Promise<GuestkitError> {
  if (uid === 0) {
    return new GuestkitError("E_USERNS_DENIED", "Cannot bootstrap as root: this container may not mount", {
      help: "Give the container CAP_SYS_ADMIN (docker run --privileged), or run guestkit outside of it.",
      cause,
    });
  }
  if ((await setting("kernel/apparmor_restrict_unprivileged_userns")) > 0) {
    return new GuestkitError("E_USERNS_APPARMOR", "Cannot bootstrap: AppArmor denies user namespaces on this host", {
      help: "Allow them: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
      cause,
    });
  }
  return new GuestkitError("E_USERNS_DENIED", "Cannot bootstrap: this host denies user namespaces", {
    help: await allowing(),
    cause,
  });
}

async function allowing(): Promise<string> {
  if ((await setting("kernel/unprivileged_userns_clone")) === 0) {
    return "Allow them: sudo sysctl -w kernel.unprivileged_userns_clone=1";
  }
  if ((await setting("user/max_user_namespaces")) === 0) {
    return "Allow them: sudo sysctl -w user.max_user_namespaces=15000";
  }
  return "Run `unshare --user --map-root-user --map-auto --mount true` to see why; util-linux 2.38 or later is needed.";
}

/** A kernel setting; NaN where this kernel has it not. */
async function setting(name: string): Promise<number> {
  return Number.parseInt(await readFile(`/proc/sys/${name}`, "utf8").catch(() => ""), 10);
}
