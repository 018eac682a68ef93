import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { findTool } from "../../../core/host/program/process.ts";
import { bareMachine } from "../../support/declared.ts";
import { atGate } from "../../support/gate.ts";
import { MachineHost } from "../../support/machine-host.ts";

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

const bin = join(host.folder, "bin");
const theft = join(host.folder, "theft");

/** QEMU, whose first start waits until somebody else listens at the port that it is told. */
beforeAll(async () => {
  await mkdir(bin);
  const script = `#!/bin/sh
port=$(printf '%s\\n' "$@" | sed -n 's/.*hostfwd=tcp:127.0.0.1:\\([0-9]*\\)-.*/\\1/p' | head -n 1)
if [ -n "$port" ] && mkdir "${theft}" 2>/dev/null; then
  echo "$port" >"${theft}/port"
  ${atGate(join(theft, "done"))}
fi
exec "${findTool("qemu-system-x86_64")}" "$@"
`;
  await writeFile(join(bin, "qemu-system-x86_64"), script, { mode: 0o755 });
});

/** Listens at the port that the next start is told; gives which. */
async function steal(): Promise<number> {
  await rm(theft, { recursive: true, force: true });
  const told = async () => Number(await readFile(join(theft, "port"), "utf8").catch(() => ""));
  let port = 0;
  while (port === 0) {
    port = await told();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const server: Server = createServer().listen(port, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  await writeFile(join(theft, "done"), "");
  return port;
}

async function applied(machine: ReturnType<typeof bareMachine>) {
  await host.declare({ vm: machine });
  const env = { PATH: `${bin}:${process.env.PATH}` };
  const [{ exitCode, stderr }, port] = await Promise.all([host.run(["apply", "--auto-approve"], { env }), steal()]);
  return { exitCode, stderr, port };
}

it("picks a port anew that somebody took between the look at it and QEMU's start", async () => {
  const { exitCode, stderr, port } = await applied(bareMachine());
  expect(exitCode, stderr).toBe(0);
  const { status, forwards } = await host.json<{ status: string; forwards: { host_port: number }[] }>([
    ...["vm", "status", "vm"],
  ]);
  expect(status).toBe("running");
  expect(forwards.map((each) => each.host_port)).not.toContain(port);
  await host.apply({});
});

it("tells who has a declared one", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: free } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  const web = { guest_port: 80, host_port: free };
  const { exitCode, stderr, port } = await applied(bareMachine({ networks: { lan: { forwards: { web } } } }));
  expect(port).toBe(free);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(new RegExp(`port ${free} of 127.0.0.1 is taken by process ${process.pid}`));
  await host.apply({});
  expect((await host.remains()).processes).toEqual([]);
});
