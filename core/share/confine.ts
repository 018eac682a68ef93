import { realpath } from "node:fs/promises";
import { userInfo } from "node:os";
import { findTool, run, whereIs } from "../host/program/process.ts";
import { shellQuote as quote, shellJoin } from "../kit/shell.ts";
import type { Share } from "../machine/machine.ts";
import { EXPORT, type Lack } from "./kind.ts";

/** A server that a guest talks to, and all that it may see: namespaces of its own by bubblewrap (bwrap(1)). */
export interface Confined {
  readonly share: Share;
  readonly argv: readonly string[];
  /** `system`: /usr and what belongs to it; `libraries`: the program itself and its libraries alone. */
  readonly sees: "system" | "libraries";
  /** Files made for it, path to text. */
  readonly files: Readonly<Record<string, string>>;
  /** Empty folders that it may write to; they are gone with it. */
  readonly folders: readonly string[];
  /** Where root runs it, the capabilities that it keeps. */
  readonly capabilities: readonly string[];
}

/**
 * The command, for a shell. Nothing of the host but the folder is in reach, whatever links lie in it and whatever the
 * guest makes of the server: no other file, process, user or network. Throws `E_TOOL_MISSING`.
 */
export async function confine({ share, argv, sees, files, folders, capabilities }: Confined): Promise<string> {
  const [program = ""] = argv;
  const texts = Object.entries({ ...accounts(), ...files });
  const path = await realpath(share.path);
  const words = [
    ...[findTool("bwrap"), "--die-with-parent", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"],
    ...(isRoot() ? kept(capabilities) : ["--unshare-user"]),
    ...(sees === "system" ? SYSTEM : await libraries(program)),
    ...folders.flatMap((path) => ["--tmpfs", path]),
    ...texts.flatMap(([path], at) => ["--ro-bind-data", String(FIRST_FD + at), path]),
    ...[share.read_only ? "--ro-bind" : "--bind", path, EXPORT, "--chdir", "/"],
  ];
  const here = texts.map((_, at) => `${FIRST_FD + at}<<'GUESTKIT_${at}'`);
  const bodies = texts.map(([, text], at) => `${text}GUESTKIT_${at}\n`);
  // The name of the channel marks the process as its own (qemu/channel.ts).
  const marked = `${shellJoin(words)} --setenv GUESTKIT_CHANNEL "$0" -- ${shellJoin(argv)}`;
  return `${demandStill(path)}exec ${marked} ${here.join(" ")}\n${bodies.join("")}`;
}

/** At each connection: a guest with a share around this one may have put a link in its place meanwhile. */
const demandStill = (path: string): string => `[ "$(realpath -e ${quote(path)})" = ${quote(path)} ] || exit 1\n`;

/** bwrap, and that it may make namespaces. */
export async function lacksConfinement(): Promise<Lack | null> {
  if (whereIs("bwrap") === null) {
    return { what: "bwrap is not installed", help: "Install it: sudo apt-get install bubblewrap" };
  }
  const user = isRoot() ? [] : ["--unshare-user"];
  const trial = [...user, "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "true"];
  const { exitCode, stderr } = await run("bwrap", trial, { accept: [0, 1, 126, 127] });
  if (exitCode === 0) return null;
  return {
    what: `bwrap may not make namespaces (${stderr.trim().split("\n").at(-1)})`,
    help: "Let users make namespaces (sysctl kernel.unprivileged_userns_clone=1, or an AppArmor profile for bwrap), or share by 9p.",
  };
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/** The account that servers run as and serve as. */
export const ACCOUNT = "share";

function accounts(): Record<string, string> {
  const { uid, gid } = userInfo();
  return {
    "/etc/passwd": `${ACCOUNT}:x:${uid}:${gid}::/:/bin/false\nnobody:x:65534:65534::/:/bin/false\n`,
    "/etc/group": `${ACCOUNT}:x:${gid}:\nnogroup:x:65534:\n`,
  };
}

/** A shell's descriptors end at 9. */
const FIRST_FD = 3;

const SYSTEM = [
  ...["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"],
  ...["/lib", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/netconfig"].flatMap((path) => [
    "--ro-bind-try",
    path,
    path,
  ]),
];

const kept = (capabilities: readonly string[]) => [
  ...["--cap-drop", "ALL"],
  ...capabilities.flatMap((name) => ["--cap-add", `CAP_${name}`]),
];

/** The program with what it is linked to, by ldd(1), and the null device. */
async function libraries(program: string): Promise<string[]> {
  const { stdout } = await run("ldd", [program], { doing: "find the libraries of a file server" });
  const paths = [program, ...[...stdout.matchAll(/(?:^|\s)(\/\S+) \(0x/g)].map(([, path = ""]) => path)];
  const binds = paths.map(async (path) => ["--ro-bind", await realpath(path), path]);
  return [...(await Promise.all(binds)).flat(), "--dev-bind", "/dev/null", "/dev/null"];
}
