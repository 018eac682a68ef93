import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { slowLine } from "./slow-line.ts";
import { killAll, type SshServer, sshServer } from "./ssh-server.ts";

/** A host that is reached by ssh: a server of its own, which forwards nothing, and a home of its own. */
export interface RemoteHost {
  readonly server: SshServer;
  /** What ssh's configuration calls it. */
  readonly name: string;
  readonly home: string;
  /** Where engines are brought to. */
  readonly engines: string;
  /** The port by which this side reaches it. */
  readonly port: number;
  /** Ends whatever serves connections, as a cut line does; gives whether there were any. */
  cut(): boolean;
  stop(): Promise<void>;
}

export interface RemoteHostOptions {
  /** What sessions there have in their environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further lines of its sshd_config. */
  readonly config?: readonly string[];
  /** Another machine-id than this machine's: root alone can give it one. */
  readonly machineId?: string;
  /** Milliseconds that a relay puts into each round trip. */
  readonly roundTrip?: number;
  /** How its cache folder is mounted (mount(8)'s options of a tmpfs), by root alone. */
  readonly cache?: string;
}

/** Starts a host below a folder. */
export async function remoteHost(dir: string, name: string, options: RemoteHostOptions = {}): Promise<RemoteHost> {
  const home = join(dir, name, "home");
  await mkdir(home, { recursive: true, mode: 0o700 });
  const env = Object.entries({ HOME: home, ...options.env }).map(([key, value]) => `${key}=${value}`);
  const lines = [
    "AllowTcpForwarding no",
    "AllowStreamLocalForwarding no",
    "AllowAgentForwarding no",
    "PermitTunnel no",
  ];
  const id = join(dir, name, "machine-id");
  if (options.machineId !== undefined) await writeFile(id, `${options.machineId}\n`);
  const mounts = [
    ...(options.machineId === undefined ? [] : [`mount --bind '${id}' /etc/machine-id`]),
    ...(options.cache === undefined ? [] : [`mount -t tmpfs -o ${options.cache} none '${join(home, ".cache")}'`]),
  ];
  if (options.cache !== undefined) await mkdir(join(home, ".cache"));
  const mounted = ["unshare", "--mount", "sh", "-c", `${mounts.join(" && ")} && exec "$@"`, "sh"];
  const server = await sshServer(join(dir, name), {
    by: mounts.length === 0 ? [] : mounted,
    // Of a word that is said twice the first counts.
    config: [...(options.config ?? []), ...lines, `SetEnv ${env.join(" ")}`],
  });
  const { port } = server.target;
  const line = options.roundTrip === undefined ? null : await slowLine(port, options.roundTrip / 2);
  const stop = async () => {
    await line?.[Symbol.asyncDispose]();
    await server.stop();
  };
  const engines = join(home, ".cache/guestkit/engine");
  return { server, name, home, engines, port: line?.port ?? port, cut: () => cut(server), stop };
}

export function cut(server: SshServer): boolean {
  const serving = server.connections();
  killAll(serving);
  return serving.length > 0;
}

/**
 * Writes an ssh_config of these hosts and a command `ssh` that goes by it, as a user's own ~/.ssh/config would be gone by;
 * gives the folder that is to stand first on PATH.
 */
export async function sshFor(dir: string, hosts: readonly RemoteHost[], more = ""): Promise<string> {
  const known = await Promise.all(hosts.map(knownHost));
  await writeFile(join(dir, "known_hosts"), known.join(""));
  const blocks = hosts.map(({ name, port, server: { target } }) =>
    [
      `Host ${name}`,
      "  HostName 127.0.0.1",
      `  Port ${port}`,
      `  User ${target.user}`,
      `  IdentityFile ${target.keyFile}`,
      "  IdentitiesOnly yes",
    ].join("\n"),
  );
  const every = ["Host *", `  UserKnownHostsFile ${join(dir, "known_hosts")}`, "  StrictHostKeyChecking yes", ""];
  await writeFile(join(dir, "ssh_config"), `${more}\n${[...blocks, ...every].join("\n")}`);
  const bin = join(dir, "bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "ssh"), `#!/bin/sh\nexec /usr/bin/ssh -F "${join(dir, "ssh_config")}" "$@"\n`);
  await chmod(join(bin, "ssh"), 0o755);
  return bin;
}

async function knownHost({ port, server: { folder } }: RemoteHost): Promise<string> {
  const [type, key] = (await readFile(join(folder, "host_key.pub"), "utf8")).split(" ");
  return `[127.0.0.1]:${port} ${type} ${key}\n`;
}
