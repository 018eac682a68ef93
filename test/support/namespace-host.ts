import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { cut, type RemoteHost } from "./remote-host.ts";
import { slowLine } from "./slow-line.ts";
import { killAll, sshServer } from "./ssh-server.ts";
import { run } from "./tool.ts";

/** Whether this machine lets one be made: root's right to network namespaces, and a kernel that has pairs of interfaces. */
export async function canMakeNamespaces(): Promise<boolean> {
  if (userInfo().uid !== 0) return false;
  const name = `gk-${process.pid}-try`;
  const made = await layNetwork(name, 60).then(
    () => true,
    () => false,
  );
  await run("ip", ["netns", "delete", name]).catch(() => {});
  return made;
}

/**
 * A host as far as one kernel allows: a network namespace, a user who is nobody here, a home and a machine-id of its own. It
 * is reached over a pair of virtual interfaces, and a line with `roundTrip` ms. `serial`: from 0, one a host of a test.
 */
export async function namespaceHost(dir: string, name: string, serial: number, roundTrip: number): Promise<RemoteHost> {
  const namespace = `gk-${process.pid}-${serial}`;
  const address = await layNetwork(namespace, serial);
  const folder = join(dir, name);
  const uid = 20_000 + serial;
  const home = await layHome(folder, uid);
  await writeFile(join(folder, "machine-id"), `${String(serial).repeat(32)}\n`);
  await writeFile(
    join(folder, "passwd"),
    `root:*:0:0::/root:/bin/sh\nsshd:*:105:65534::/run/sshd:/bin/false\n${name}:*:${uid}:${uid}::${home}:/bin/sh\n`,
  );
  const mounts = ["machine-id", "passwd"].map((each) => `mount --bind '${join(folder, each)}' /etc/${each}`);
  const inside = [
    "ip",
    "netns",
    "exec",
    namespace,
    "unshare",
    "--mount",
    "sh",
    "-c",
    `${mounts.join(" && ")} && exec "$@"`,
    "sh",
  ];
  const server = await sshServer(folder, {
    ...{ by: inside, address, user: name },
    config: ["AllowTcpForwarding no", "AllowStreamLocalForwarding no", "AllowAgentForwarding no", "PermitTunnel no"],
  });
  // The user's own sshd reads it.
  await chmod(folder, 0o755);
  await chmod(join(folder, "authorized_keys"), 0o644);
  const line = await slowLine(server.target.port, roundTrip / 2, address);
  const stop = async () => {
    await line[Symbol.asyncDispose]();
    await server.stop();
    killAll((await run("ip", ["netns", "pids", namespace])).split("\n").filter(Boolean).map(Number));
    await run("ip", ["netns", "delete", namespace]);
  };
  return {
    server,
    name,
    home,
    engines: join(home, ".cache/guestkit/engine"),
    port: line.port,
    cut: () => cut(server),
    stop,
  };
}

/** Its address, from here; of a network that nothing else has. */
async function layNetwork(namespace: string, serial: number): Promise<string> {
  const network = `10.${200 + (process.pid % 50)}.${(process.pid >> 6) % 256}`;
  const [here, there] = [`${network}.${4 * serial + 1}`, `${network}.${4 * serial + 2}`];
  const [near, far] = [`gk${process.pid}n${serial}`, `gk${process.pid}f${serial}`];
  await run("ip", ["netns", "add", namespace]);
  await run("ip", ["link", "add", near, "type", "veth", "peer", "name", far, "netns", namespace]);
  await run("ip", ["address", "add", `${here}/30`, "dev", near]);
  await run("ip", ["link", "set", near, "up"]);
  await run("ip", ["-n", namespace, "address", "add", `${there}/30`, "dev", far]);
  for (const each of [far, "lo"]) await run("ip", ["-n", namespace, "link", "set", each, "up"]);
  return there;
}

/** Where the user alone may look, below folders that everybody may pass. */
async function layHome(folder: string, uid: number): Promise<string> {
  const home = join(folder, "home");
  await mkdir(home, { recursive: true });
  await chmod(join(folder, ".."), 0o755);
  await chown(home, uid, uid);
  await chmod(home, 0o700);
  return home;
}
