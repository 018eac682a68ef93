import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { linkAddresses, linkSockets } from "../../../core/machine/links.ts";
import type { Machine } from "../../../core/machine/machine.ts";
import { connectAgent } from "../../../core/qemu/agent/index.ts";
import {
  contextIn,
  machineOf,
  microBoot,
  networkOf,
  processesOf,
  type StartedMachine,
  startQemu,
} from "../../support/machine.ts";
import { type MicroGuest, microGuest } from "../../support/micro-guest/index.ts";
import { ordinaryUser } from "../../support/ordinary-user.ts";
import { run } from "../../support/run.ts";
import { scratch } from "../../support/scratch.ts";

const root = await scratch("networks");
const context = contextIn(root);
/** A boot under emulation on a busy host. */
const BOOT = 180_000;
let guest: MicroGuest;

beforeAll(async () => {
  guest = await microGuest();
});

const booted = (name: string, networks: Machine["networks"]) =>
  startQemu(machineOf({ name, networks, ...microBoot(guest) }), context);

/** Runs a script as root in the guest: its exit code. */
async function inGuest(machine: StartedMachine, script: string): Promise<number | null> {
  await using agent = await connectAgent(machine.folder.socket("agent"), { timeoutMs: BOOT });
  const { exitCode } = await agent.exec({ path: "/bin/sh", args: ["-c", script], timeoutMs: 60_000 });
  return exitCode;
}

/** Gives a card an address. */
const address = (machine: StartedMachine, network: string, own: string) =>
  inGuest(
    machine,
    `for path in /sys/class/net/*; do
       [ "$(cat $path/address)" = ${machine.launch.macs[network]} ] || continue
       ip addr add ${own} dev \${path##*/} && ip link set \${path##*/} up && exit 0
     done; exit 1`,
  );

/** Whether the first answers reach: a peer that has just come up may miss some. */
const ping = async (from: StartedMachine, to: string, times = 10) =>
  (await inGuest(from, `for i in $(seq ${times}); do ping -c 1 -W 1 ${to.split("/")[0]} && exit 0; done; exit 1`)) ===
  0;

describe("cables between machines", () => {
  const own = (machine: string, key: string, peer: string) =>
    linkAddresses(machineOf({ name: machine, networks: { [key]: networkOf("link", { peer }) } }), key).own;

  it("carry, whoever starts first, dies and comes back; nobody else gets in", async () => {
    const path = join(root, "cable.sock");
    // Another run on this host is in another group.
    const group = `230.0.0.1:${10_000 + (process.pid % 20_000)}`;
    const ends = (peer: string, listen: boolean) => ({
      ...{ link: networkOf("link", { peer }), group: networkOf("socket", { group }) },
      cable: networkOf("stream", { path, listen }),
    });
    await using web = await booted("web", ends("db", true));
    expect(await address(web, "link", own("web", "link", "db"))).toBe(0);
    expect(await ping(web, own("db", "link", "web"), 1)).toBe(false);

    await using db = await booted("db", ends("web", false));
    await using intruder = await booted("intruder", { link: networkOf("link", { peer: "web" }) });
    await address(db, "link", own("db", "link", "web"));
    expect(await ping(web, own("db", "link", "web"))).toBe(true);
    expect(await ping(db, own("web", "link", "db"))).toBe(true);

    for (const [key, net] of [
      ["group", "10.1.1"],
      ["cable", "10.1.2"],
    ] as const) {
      await address(web, key, `${net}.1/24`);
      await address(db, key, `${net}.2/24`);
      expect([key, await ping(web, `${net}.2`)]).toEqual([key, true]);
    }

    // The third one names web, which does not name it: not even with an address of the same subnet does it get there.
    const { own: socket, folder } = linkSockets(
      machineOf({ name: "web", networks: ends("db", true) }),
      "link",
      context.settings,
    );
    const taken = own("db", "link", "web").split(".").slice(0, 3).join(".");
    await address(intruder, "link", `${taken}.250/24`);
    expect(await ping(intruder, own("web", "link", "db"), 2)).toBe(false);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await refuseOthers(socket);

    await db[Symbol.asyncDispose]();
    expect(await ping(web, own("db", "link", "web"), 1)).toBe(false);
    await using again = await booted("db", { link: networkOf("link", { peer: "web" }) });
    await address(again, "link", own("db", "link", "web"));
    expect(await ping(web, own("db", "link", "web"))).toBe(true);
  }, 900_000);

  async function refuseOthers(socket: string): Promise<void> {
    if (process.getuid?.() !== 0) return;
    await using user = await ordinaryUser();
    const send = `
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      try: s.sendto(b"x" * 60, sys.argv[1])
      except PermissionError: sys.exit(42)`.replace(/^ {6}/gm, "");
    const refused = promisify(execFile)("python3", ["-c", send, socket], { uid: user.uid, gid: user.gid, cwd: "/" });
    await expect(refused).rejects.toMatchObject({ code: 42 });
  }
});

describe("ways out of the host", () => {
  const ssh = { guest_port: 22, host_port: 0, host_address: "127.0.0.1", protocol: "tcp" } as const;

  it("let the guest's services in by their forwards, and isolate", async () => {
    await using machine = await booted("out", {
      a: networkOf("user", { forwards: { ssh } }),
      b: networkOf("user", { forwards: { ssh }, isolated: true, addresses: ["10.77.0.15/24"] }),
      c: networkOf("passt"),
    });
    for (const { network, host_port } of machine.launch.forwards) {
      expect([network, await greeting(host_port)]).toEqual([network, expect.stringMatching(/^SSH-2\.0-/)]);
    }
    // passt gives the host's own address; forwards through Debian 12's (2023) hang on newer kernels, and are not tried.
    const mac = machine.launch.macs.c;
    const leased = `ip addr | grep -A 1 ${mac} | grep 'inet [0-9]'`;
    expect(await inGuest(machine, `for i in $(seq 20); do ${leased} && exit 0; sleep 1; done; exit 1`)).toBe(0);
    // The host's loopback is at the NAT's address: on the isolated network nothing is.
    const server = createServer((socket) => socket.end("host")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const reaches = (to: string) => inGuest(machine, `nc -w 3 ${to} ${port} < /dev/null | grep -q host`);
    try {
      expect([await reaches("10.0.2.2"), await reaches("10.77.0.1")]).toEqual([0, 1]);
    } finally {
      server.close();
    }
  }, 600_000);

  /** What a server says first; it may still be starting. */
  async function greeting(port: number): Promise<string> {
    const end = performance.now() + BOOT;
    for (;;) {
      const text = await new Promise<string>((resolve) => {
        const socket = connect(port, "127.0.0.1");
        socket.setTimeout(5_000, () => socket.destroy());
        socket.once("data", (data) => {
          resolve(data.toString("latin1"));
          socket.destroy();
        });
        socket.once("error", () => {});
        socket.once("close", () => resolve(""));
      });
      if (text !== "" || performance.now() > end) return text;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
});

describe.runIf(process.getuid?.() === 0)("the host's own", () => {
  const bridge = `gkbr${process.pid % 100_000}`;
  const tap = `gktap${process.pid % 100_000}`;
  const acl = "/etc/qemu/bridge.conf";

  it("bridge and tap are used, and given back", async () => {
    const hasAcl = await stat(acl).then(
      () => true,
      () => false,
    );
    await run("ip", ["link", "add", bridge, "type", "bridge"]);
    try {
      await run("ip", ["tuntap", "add", tap, "mode", "tap"]);
      await mkdir("/etc/qemu", { recursive: true });
      if (!hasAcl) await writeFile(acl, `allow ${bridge}\n`);
      await using machine = await startQemu(
        machineOf({
          ...{ name: "host", extra_args: ["-S"] },
          networks: { b: networkOf("bridge", { bridge }), t: networkOf("tap", { tap }) },
        }),
        context,
      );
      expect(await readdir(`/sys/class/net/${bridge}/brif`)).toHaveLength(1);
      await machine[Symbol.asyncDispose]();
      expect(await processesOf(machine.pid)).toEqual([]);
      expect(await readdir(`/sys/class/net/${bridge}/brif`)).toHaveLength(0);
    } finally {
      await run("ip", ["link", "delete", bridge]);
      await run("ip", ["link", "delete", tap]);
      if (!hasAcl) await rm(acl, { force: true });
    }
  });

  it("missing is told in QEMU's words", async () => {
    const networks = { b: networkOf("bridge", { bridge: "gk-none" }) };
    await expect(startQemu(machineOf({ name: "none", networks }), context)).rejects.toMatchObject({
      code: "E_QEMU_START",
      message: expect.stringContaining("bridge helper failed"),
    });
  });
});
