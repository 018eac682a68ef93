/** A port or image that somebody has is told when it is planned, with who that is, not after all that goes before it. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { bareMachine } from "../../support/declared.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { run } from "../../support/run.ts";

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");
afterAll(() => server.close());
const { port } = server.address() as { port: number };

const forwarding = (host_port: number, more = {}) =>
  bareMachine({ networks: { lan: { kind: "user", forwards: { web: { guest_port: 80, host_port } } } }, ...more });

async function told(machine: object): Promise<string> {
  await host.declare({ vm: machine as never });
  const { exitCode, stderr } = await host.run(["plan"]);
  expect(exitCode, stderr).toBe(0);
  return stderr;
}

it("warns of ports that others have, and of none that nothing listens at for it", async () => {
  expect(await told(forwarding(port))).toMatch(/warning: Cannot forward "web": tcp port \d+ of 127.0.0.1 is taken by/);
  expect(await told(bareMachine({ graphics: { kind: "vnc", port } }))).toMatch(/warning: Cannot show the screen at/);
  expect(await told(forwarding(port, { running: false }))).toBe("");
  expect(await told(forwarding(0))).toBe("");
});

it("keeps quiet about what the machine itself listens at, when a change starts it anew", async () => {
  const screen = { graphics: { kind: "vnc", port: null } };
  await host.apply({ vm: forwarding(0) });
  const { forwards } = await host.json<{ forwards: { host_port: number }[] }>(["vm", "status", "vm"]);
  const own = forwards[0]?.host_port as number;
  expect(await told(forwarding(own, { memory: "80M", ...screen }))).not.toContain("Cannot");
  expect(await host.plan()).toEqual({ "virtual_machine.vm": "update" });
});

it("does not take the QEMU of a machine whose folder somebody removed, with disks that nothing names any more", async () => {
  const { pid } = await host.json<{ pid: number }>(["vm", "status", "vm"]);
  await rm(join(host.folder, "data/machines/vm"), { recursive: true });
  await host.declare({ vm: forwarding(0) });
  const { exitCode, stderr } = await host.run(["apply", "--auto-approve"]);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("its QEMU runs, and its folder is gone")]);
  expect(stderr).toContain(`kill ${pid}`);
  process.kill(pid);
  await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 30_000 }).toBe(false);
  await host.apply({ vm: forwarding(0) });
});

it("names the machine that writes to an image which is to be copied, leant on or replaced", async () => {
  const image = join(host.folder, "busy.qcow2");
  await run("qemu-img", ["create", "-q", "-f", "qcow2", image, "16M"]);
  const busy = { busy: bareMachine({ disks: { root: { image } } }) };
  await host.apply(busy);
  const holds = `Cannot use "${image}": machine "busy" has it open`;
  for (const [name, declared] of Object.entries({
    copy: { path: "copy.qcow2", source: { url: "busy.qcow2" } },
    over: { path: "over.qcow2", backing_file: "busy.qcow2" },
    again: { path: "busy.qcow2", size: "32M", overwrite: true },
  })) {
    await host.declare(busy, { disk_image: { [name]: declared } });
    for (const verb of [["plan"], ["apply", "--auto-approve"]]) {
      const { stderr } = await host.run(verb);
      expect(stderr, `${verb} ${name}`).toContain(holds);
    }
  }
});
