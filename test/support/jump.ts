import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { type RemoteHost, remoteHost } from "./remote-host.ts";

/** A way to a host that leads by way of another one, with a key that an agent alone has. */
export interface Jump extends AsyncDisposable {
  /** The one on the way, which forwards. */
  readonly gate: RemoteHost;
  /** The section `inner` of ssh_config(5): the host behind it, at a port of its own. */
  readonly section: string;
}

export async function jumpTo(dir: string, { server, port }: RemoteHost): Promise<Jump> {
  const gate = await remoteHost(dir, "gate", { config: ["AllowTcpForwarding yes"] });
  const socket = join(dir, "agent");
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  const ended = once(agent, "exit");
  await expect.poll(() => existsSync(socket), { timeout: 20_000 }).toBe(true);
  execFileSync("ssh-add", ["-q", server.target.keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  const lines = [
    ...["HostName 127.0.0.1", `Port ${port}`, `User ${server.target.user}`, "ProxyJump gate"],
    ...[`IdentityAgent ${socket}`, "IdentityFile none"],
  ];
  return {
    gate,
    section: `Host inner\n${lines.map((line) => `  ${line}\n`).join("")}`,
    [Symbol.asyncDispose]: async () => {
      agent.kill();
      await ended;
      await gate.stop();
    },
  };
}
