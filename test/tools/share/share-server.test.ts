import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { endChannels, forwardsToChannels, openChannel } from "../../../core/qemu/channel.ts";
import { sshfs } from "../../../core/share/sshfs.ts";
import { shareOf } from "../../support/machine.ts";
import { scratch } from "../../support/scratch.ts";

/** SFTP 3 (draft-ietf-secsh-filexfer-02): length, type, and what belongs to it. */
const packet = (type: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat([Buffer.from([type]), ...parts]);
  return Buffer.concat([number(body.length), body]);
};
const number = (value: number): Buffer => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value]);
const [INIT, VERSION, REALPATH, NAME] = [1, 2, 16, 104];

/** The type of the next answer; null where the server has ended. */
async function answer(from: Readable): Promise<number | null> {
  for await (const chunk of from.iterator({ destroyOnReturn: false })) return (chunk as Buffer)[4] ?? null;
  return null;
}

/** Processes of a session, by number. */
async function processesIn(session: number): Promise<readonly string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "latin1").catch(() => "")));
  return pids.filter((_, at) => stats[at]?.slice(stats[at].lastIndexOf(")") + 2).split(" ")[3] === String(session));
}

/** Whether it lives, once it is asleep without SIGKILL on its way (proc(5)), or has ended. */
async function lives(pid: string): Promise<boolean> {
  for (;;) {
    const status = await readFile(`/proc/${pid}/status`, "latin1").catch(() => "");
    const [, state = "Z"] = /^State:\t(.)/m.exec(status) ?? [];
    if ("ZX".includes(state)) return false;
    const pending = [...status.matchAll(/^(?:Sig|Shd)Pnd:\t(.*)/gm)].some(([, set]) => BigInt(`0x${set}`) & (1n << 8n));
    if (state === "S" && !pending) return true;
    await sleep(5);
  }
}

it("serves on when the process by which QEMU started the server ends late", async () => {
  const sockets = await scratch("channel");
  if (sshfs.carried.by !== "channel") throw new Error("sshfs goes by a channel");
  await openChannel(sockets, 0, await sshfs.carried.serve(shareOf(sockets, { kind: "sshfs" })));
  const rule = forwardsToChannels("10.0.2.3", sockets)[0]?.split("-cmd:")[1];
  // As GLib does for libslirp: a process between, and a session of the server's own.
  const between = spawn("/bin/sh", ["-c", `setsid ${rule} <&3 & read -r end`], {
    stdio: ["pipe", "pipe", "ignore", "pipe"],
  });
  const [held, out, , into] = between.stdio as unknown as [Writable, Readable, null, Writable];
  try {
    into.write(packet(INIT, number(3)));
    expect(await answer(out)).toBe(VERSION);
    const session = Number(await readFile(join(sockets, "channel-0.pid"), "utf8"));
    const processes = await processesIn(session);
    expect(processes.length).toBeGreaterThan(2);
    held.end();
    await once(between, "exit");
    expect(await Promise.all(processes.map(lives))).not.toContain(false);
    into.write(packet(REALPATH, number(1), number(1), Buffer.from("/")));
    expect(await answer(out)).toBe(NAME);
    await endChannels(sockets);
    expect(await answer(out)).toBeNull();
    expect(await Promise.all(processes.map(lives))).not.toContain(true);
  } finally {
    await endChannels(sockets);
  }
});
