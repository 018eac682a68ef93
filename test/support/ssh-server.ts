import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SshTarget } from "../../core/communicator/ssh/index.ts";
import { ensureKey, publicKeyOf } from "../../core/machine/key.ts";

/** OpenSSH's server as an ordinary process, which lets this user in by the target's key. */
export interface SshServer extends AsyncDisposable {
  readonly target: SshTarget & { readonly keyFile: string };
  /** Where its keys and its configuration are. */
  readonly folder: string;
  /** Processes of its own that serve connections now. */
  connections(): readonly number[];
  /** Gives it another host key. */
  rekey(): Promise<void>;
  stop(): Promise<void>;
  /** Again, at the same port. */
  start(): Promise<void>;
}

export interface SshServerOptions {
  readonly sftp?: boolean;
  /** Where sessions are: a root folder of its own (ChrootDirectory of sshd_config(5): root alone may write above it). */
  readonly root?: string;
  /** Further lines of its sshd_config. */
  readonly config?: readonly string[];
  /** Where it listens; 127.0.0.1 where left out. */
  readonly address?: string;
  /** Who may log in; this user where left out. */
  readonly user?: string;
  /** A program that starts it, with its own first words. */
  readonly by?: readonly string[];
}

export async function sshServer(dir: string, options: SshServerOptions = {}): Promise<SshServer> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const port = await freePort();
  const folder = { path: join(dir, "web"), sshKey: join(dir, "ssh_key") };
  await ensureKey(folder);
  await writeFile(join(dir, "authorized_keys"), await publicKeyOf(folder), { mode: 0o600 });
  makeHostKey(dir);
  await writeFile(join(dir, "sshd_config"), configuration(dir, port, options));
  let server = await start(dir, port, options);
  const target: SshServer["target"] = {
    name: "web",
    host: options.address ?? "127.0.0.1",
    port,
    user: options.user ?? userInfo().username,
    keyFile: folder.sshKey,
    ownKey: true,
    knownHostsFile: join(dir, "known_hosts"),
    logFolder: dir,
  };
  return {
    target,
    folder: dir,
    connections: () => servingBelow(server.pid ?? 0),
    rekey: async () => {
      await stopAll(server);
      makeHostKey(dir);
      server = await start(dir, port, options);
    },
    stop: () => stopAll(server),
    start: async () => {
      server = await start(dir, port, options);
    },
    [Symbol.asyncDispose]: () => stopAll(server),
  };
}

function configuration(
  dir: string,
  port: number,
  { sftp = true, root, address = "127.0.0.1", config = [] }: SshServerOptions,
): string {
  const lines = [
    `Port ${port}`,
    `ListenAddress ${address}`,
    `HostKey "${join(dir, "host_key")}"`,
    `AuthorizedKeysFile "${join(dir, "authorized_keys")}"`,
    "StrictModes no",
    "UsePAM no",
    "PermitRootLogin yes",
    `PidFile "${join(dir, "sshd.pid")}"`,
    "AcceptEnv LC_*",
    ...(root === undefined ? [] : [`ChrootDirectory "${root}"`]),
    ...(sftp ? ["Subsystem sftp internal-sftp"] : []),
    ...config,
  ];
  return `${lines.join("\n")}\n`;
}

/** What sshd runs for a connection, by their names: not the sessions themselves. */
function servingBelow(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .trim()
    .split(" ")
    .filter(Boolean)
    .map(Number);
  const own = children.filter((each) => readFileSync(`/proc/${each}/comm`, "utf8").startsWith("sshd"));
  return own.flatMap((each) => [each, ...servingBelow(each)]);
}

function makeHostKey(dir: string): void {
  const path = join(dir, "host_key");
  execFileSync("/bin/sh", ["-c", 'rm -f "$1" "$1.pub"; ssh-keygen -q -t ed25519 -N "" -f "$1"', "sh", path]);
}

async function start(dir: string, port: number, { by = [] }: SshServerOptions): Promise<ChildProcess> {
  // Where its unprivileged child is locked in; only root needs it.
  if (userInfo().uid === 0) await mkdir("/run/sshd", { recursive: true, mode: 0o755 });
  const log = join(dir, "sshd.log");
  await rm(log, { force: true });
  const words = [...by, "/usr/sbin/sshd", "-D", "-f", join(dir, "sshd_config"), "-E", log];
  const server = spawn(String(words[0]), words.slice(1), { stdio: "ignore" });
  for (let tries = 0; tries < 100; tries++) {
    const text = await readFile(log, "utf8").catch(() => "");
    if (text.includes(`port ${port}.`)) return server;
    if (server.exitCode !== null) throw new Error(`sshd ended: ${text}`);
    await sleep(50);
  }
  throw new Error("sshd does not come up");
}

/** They may have ended by now. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** And whom it serves: a host that is down serves nobody, over a connection that is up neither. */
async function stopAll(server: ChildProcess): Promise<void> {
  const isUp = server.exitCode === null && server.signalCode === null;
  if (isUp && server.pid !== undefined) killAll(servingBelow(server.pid));
  await stop(server);
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await ended;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
