import { once } from "node:events";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { machineOf, networkOf, processesOf, startQemu } from "../../support/machine.ts";
import { run } from "../../support/run.ts";
import { BOOT, booted, context, inGuest } from "./networked.ts";

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
