/** A declared port that somebody has is told when the start is planned, not after all that goes before it. */
import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, expect, it } from "vitest";
import { MachineHost } from "../../support/machine-host.ts";
import { bareMachine } from "./declared.ts";

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
