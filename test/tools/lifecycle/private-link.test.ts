import { readdir, readFile, readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import type { ValueObject } from "../../../core/model/value.ts";
import { microMachine, PATIENCE } from "../../support/declared.ts";
import { MachineHost } from "../../support/machine-host.ts";

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

/** A machine whose cloud-init names its peer and its addresses; ready when that is done. */
const linked = (peer: string, more: ValueObject = {}) =>
  microMachine("", {
    cloud_init: { runcmd: ["true"] },
    networks: { cable: { kind: "link", peer }, ...more },
    wait_for: [
      { condition: "agent", timeout: PATIENCE },
      { condition: "cloud_init", timeout: PATIENCE },
    ],
  });

/** Whether one machine reaches the other by its name; the first answers may be missed. */
async function reaches(from: string, to: string): Promise<boolean> {
  for (let tries = 0; tries < 10; tries++) {
    const { exitCode } = await host.run(["vm", "exec", "--via", "agent", from, "ping", "-c", "1", "-W", "2", to]);
    if (exitCode === 0) return true;
    await sleep(500);
  }
  return false;
}

/** What of the host's network a process listens at: `tcp 127.0.0.1:2222`, in whatever address family. */
async function listening(pid: number): Promise<string[]> {
  const files = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => "")));
  const own = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const found: string[] = [];
  for (const kind of ["tcp", "tcp6", "udp", "udp6"]) {
    // No file where the host has no IPv6. Local address is the 2nd field, state the 4th, inode the 10th.
    const rows = (await readFile(`/proc/${pid}/net/${kind}`, "utf8").catch(() => "")).trim().split("\n").slice(1);
    for (const [, address = "", , state, , , , , , inode = ""] of rows.map((row) => row.trim().split(/\s+/))) {
      if (own.has(inode) && (kind.startsWith("udp") || state === "0A")) found.push(`${kind} ${spelled(address)}`);
    }
  }
  return found.toSorted();
}

/** `0100007F:0016`; the bytes of an IPv4 address stand in the processor's order. */
function spelled(address: string): string {
  const [ip = "", port = ""] = address.split(":");
  const bytes = ip.length === 8 ? (ip.match(/../g) ?? []).toReversed().map((each) => Number.parseInt(each, 16)) : [ip];
  return `${bytes.join(".")}:${Number.parseInt(port, 16)}`;
}

it("lets two machines reach each other by name, whoever starts first, and nobody else", async () => {
  // Not to SSH: a guest that lives in memory has new host keys at each start, and it goes by SSH where the agent is late.
  const forwards = { web: { guest_port: 80 } };
  const web = await linked("db", { out: { forwards }, alone: { isolated: true, forwards } });
  await host.apply({ web });
  const db = await linked("web");
  await host.apply({ web, db });
  expect([await reaches("web", "db"), await reaches("db", "web")]).toEqual([true, true]);

  await host.text(["vm", "restart", "web"]);
  expect([await reaches("web", "db"), await reaches("db", "web")]).toEqual([true, true]);

  // QEMU listens at what is declared: at nothing of the host's network for a link.
  const info = (name: string) => host.json<{ pid: number; forwards: { host_port: number }[] }>(["vm", "status", name]);
  const [one, other] = [await info("web"), await info("db")];
  const declared = one.forwards.map(({ host_port }) => `tcp 127.0.0.1:${host_port}`).toSorted();
  expect(declared).toHaveLength(2);
  expect([await listening(one.pid), await listening(other.pid)]).toEqual([declared, []]);
}, 900_000);
