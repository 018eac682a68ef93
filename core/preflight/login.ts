import type { SshdFiles, SshdLine } from "../guest/sshd-config.ts";
import { sshdLines } from "../guest/sshd-config.ts";
import { deafOn, refusalOf, type SshLogin } from "../guest/sshd-login.ts";
import { nameIn } from "../kit/path.ts";
import { type Machine, networksOf } from "../machine/machine.ts";
import { userGateway } from "../qemu/options/user-subnet.ts";
import { cloudInitRuns, installs } from "./rules/first-boot.ts";
import { image } from "./rules/words.ts";
import { chooseSshUser } from "./ssh-user.ts";
import type { Seed, Subject } from "./subject.ts";
import { toldBeside, toldFiles, toldUsers } from "./told.ts";

/** Why the server does not let the user in, though a key would. */
export interface Refusal {
  /** `/etc/ssh/sshd_config in "d.qcow2" has AllowUsers deploy`. */
  readonly why: string;
  /** The setting, in small letters. */
  readonly keyword: string;
}

/** sshd's configuration as the first boot leaves it; null where that cannot be told. */
function linesOf(subject: Subject): readonly SshdLine[] | null {
  const { system, seed } = subject;
  const ssh = system?.ssh;
  if (!ssh?.config || !ssh.program?.endsWith("/sshd")) return null;
  const written = cloudInitRuns(subject) === false || !seed ? {} : writtenFiles(ssh.config, seed);
  // A command of the user's own may make anything of it.
  if (!written || says(subject, ["write_files"], /sshd_config|\bsshd\b|\/etc\/ssh\b/)) return null;
  return sshdLines({ ...ssh.config, ...written });
}

/** Whether the seed has a word beside the fields that are judged by themselves. */
function says({ seed }: Subject, beside: readonly string[], word: RegExp): boolean {
  return seed !== null && installs({ seed: toldBeside(seed, beside) }, word);
}

/** What cloud-init makes of sshd's files; null where a file's text is secret or known later. */
function writtenFiles(config: SshdFiles, seed: Seed): SshdFiles | null {
  const found: Record<string, string> = {};
  for (const { path, content, append, encoding } of toldFiles(seed)) {
    if (typeof path !== "string" || !path.startsWith("/etc/ssh/")) continue;
    if (typeof content !== "string" || (encoding ?? null) !== null) return null;
    found[path] = append === true ? `${config[path] ?? ""}\n${content}` : content;
  }
  return found;
}

/** The user who logs in, with what is known of that account. */
function loginOf(subject: Subject): (SshLogin & { readonly shell: string | null }) | null {
  const { machine, system, seed } = subject;
  const user = chooseSshUser(machine, system, seed?.fields ?? null);
  if (user === null || !system) return null;
  const account = system.users?.find(({ name }) => name === user) ?? null;
  const declared =
    cloudInitRuns(subject) === false || !seed ? null : (toldUsers(seed) ?? []).find(({ name }) => name === user);
  const groups = account?.groups ?? (declared ? [user] : null);
  const lockedNow = account && system.ssh?.locked ? system.ssh.locked.includes(user) : null;
  return {
    user,
    groups: groups && [...groups, ...(declared?.groups ?? [])],
    // How Alpine's cloud-init locks an account, for a server without PAM, differs by release.
    locked: declared ? (system.distro === "alpine" ? null : declared.locked) : lockedNow,
    shell: account?.shell ?? declared?.shell ?? null,
    from: addressSeen(machine),
  };
}

/** From where QEMU's own network connects; null for others. */
function addressSeen(machine: Machine): string | null {
  const networks = Object.values(networksOf(machine));
  const [only] = networks;
  if (!only || networks.length > 1 || only.kind !== "user") return null;
  return userGateway(only.addresses)?.gateway ?? "10.0.2.2";
}

/** The first thing by which the server refuses the user; null where nothing is known to. */
export function loginRefusal(subject: Subject): Refusal | null {
  const login = loginOf(subject);
  if (!login) return null;
  const lines = linesOf(subject);
  const line = lines && refusalOf(lines, login);
  return lacksShell(subject, login.user, login.shell) ?? (line && refusedBy(subject, line, login));
}

/** sshd lets nobody in whose shell is not there (auth.c, allowed_user). */
function lacksShell(subject: Subject, user: string, shell: string | null): Refusal | null {
  if (shell === null || !subject.system?.ssh?.missingShells.includes(shell)) return null;
  const name = nameIn(shell).replace(/\W/g, ".");
  if (says(subject, ["users"], new RegExp(`\\b${name}\\b`))) return null;
  return { why: `the shell of "${user}" is ${shell}, which ${image(subject)} does not have`, keyword: "shell" };
}

/** The line by which the server listens elsewhere than where it is asked; null where none does, or that cannot be told. */
export function portRefusal(subject: Subject, family: "ipv4" | "any"): Refusal | null {
  const lines = subject.system?.ssh?.bySocket ? null : linesOf(subject);
  const line = lines && deafOn(lines, subject.machine.ssh?.port ?? 22, family);
  return line ? refusedBy(subject, line, null) : null;
}

function refusedBy(subject: Subject, { file, text, keyword }: SshdLine, login: SshLogin | null): Refusal {
  const written = (subject.seed && writtenFiles({}, subject.seed)) ?? {};
  const why = file in written ? `cloud_init puts ${text} into ${file}` : `${file} in ${image(subject)} has ${text}`;
  const more: Readonly<Record<string, string>> = {
    usepam: `, and the password of "${login?.user}" is locked`,
    allowgroups: `, and "${login?.user}" is in ${(login?.groups ?? []).join(", ") || "none"}`,
  };
  return { why: `${why}${more[keyword] ?? ""}`, keyword };
}
