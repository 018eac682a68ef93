import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ValueObject } from "../../../core/model/value.ts";
import { bareMachine, PATIENCE } from "../../support/declared.ts";
import { repository } from "../../support/engines.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { microGuest } from "../../support/micro-guest/index.ts";

const ROOT = "root=UUID=6d696372-6f67-4ee5-a741-726f6f740001";
const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

const text = (args: readonly string[], input?: string) =>
  host.run(args, input === undefined ? {} : { input }).then(({ exitCode, stdout, stderr }) => ({
    exitCode,
    stdout: stdout.toString(),
    stderr,
  }));
const statusOf = async (name: string) => (await host.json<{ status: string }>(["vm", "status", name])).status;
const refusal = async (...args: string[]) => {
  const { exitCode, stderr } = await text([...args, "--json"]);
  const last = stderr
    .trim()
    .split("\n")
    .findLast((line) => line.startsWith("{"));
  const { code } = (JSON.parse(last ?? "{}") as { error?: { code: string } }).error ?? { code: stderr };
  return { exitCode, code };
};

describe("a machine that keeps its root in an overlay", () => {
  let web: ValueObject;
  /** By the agent: a login costs an emulated guest a second. */
  const inside = async (command: string) =>
    (await host.text(["vm", "exec", "--via", "agent", "web", "--", "sh", "-c", command])).trim();

  beforeAll(async () => {
    const { kernel, initrd, cmdline, imageBios, sshKey } = await microGuest();
    web = {
      ...{ memory: "384M", kernel, initrd, cmdline: `${cmdline} ${ROOT}` },
      disks: { root: { image: imageBios, overlay: true } },
      ssh: { user: "root", private_key: sshKey },
      wait_for: ["ssh", "agent"].map((condition) => ({ condition, timeout: PATIENCE })),
      provision: [{ name: "one", inline: ["echo provisioned >> /root/log"] }],
      provision_always: true,
      startup_commands: ["echo started >> /root/log"],
      shutdown_commands: ["echo stopped >> /root/log", "sync", "echo no more; exit 4"],
      upgrade_command: "echo upgraded >> /root/log; sync; cat /root/log; test ! -e /root/broken",
    };
    await host.apply({ web });
  });

  it("was provisioned, then started", async () => {
    expect(await inside("cat /root/log")).toBe("provisioned\nstarted");
    expect(await host.plan()).toEqual({});
  });

  it("runs a script: input, outputs and exit code are passed on, and nothing is left", async () => {
    await writeFile(join(host.folder, "all.sh"), '#!/bin/sh\necho "$*"; cat; echo err >&2; exit 3\n');
    const all = await text(["vm", "run", "web", "all.sh", "a", "--b"], "typed");
    expect(all).toMatchObject({ exitCode: 3, stdout: "a --b\ntyped", stderr: expect.stringContaining("err") });
    const asJson = await text(["vm", "run", "--json", "web", "all.sh"]);
    expect(asJson.exitCode).toBe(3);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ exit_code: 3, stdout: "\n", stderr: "err\n" });
    await writeFile(join(host.folder, "much.sh"), "#!/bin/sh\nhead -c 4000000 /dev/zero\n");
    expect((await text(["vm", "run", "web", "much.sh"])).stdout.length).toBe(4_000_000);
    expect(await text(["vm", "run", "web", "none.sh"])).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining("none.sh"),
    });
    expect(await inside("ls -A /tmp")).toBe("");
  });

  it.each(["SIGKILL", "SIGINT"] as const)("ends and removes a script when guestkit gets %s", async (signal) => {
    await writeFile(join(host.folder, "slow.sh"), "#!/bin/sh\necho here\nsleep 34567 & sleep 34567\n");
    const { exitCode } = await host.run(["vm", "run", "web", "slow.sh"], {
      onStart: async (kill) => {
        for (let tries = 0; tries < 100 && (await inside("ps | grep '[s]leep 34567' || true")) === ""; tries++)
          await sleep(200);
        kill(signal);
      },
    });
    expect(exitCode).toBe(signal === "SIGINT" ? 130 : -1);
    let left = "?";
    for (let tries = 0; left !== "" && tries < 60; tries++) {
      await sleep(200);
      left = await inside("ls -A /tmp; ps | grep '[s]leep 34567' || true");
    }
    expect(left).toBe("");
  });

  it("tells that the guest has no rsync", async () => {
    const said = await text(["vm", "rsync", "all.sh", "web:/root/"]);
    expect(said).toMatchObject({ exitCode: 125, stderr: expect.stringContaining("the guest has no rsync") });
    expect(await text(["vm", "rsync", "here", "there"])).toMatchObject({ exitCode: 64 });
  });

  it("is upgraded where it runs, and paused again where it was paused", async () => {
    await host.text(["vm", "suspend", "web"]);
    const done = await host.json<{ changed: boolean; status: string; output: string }>(["vm", "upgrade", "web"]);
    expect(done).toMatchObject({ changed: true, status: "paused", reason: null });
    expect(done.output).toBe("provisioned\nstarted\nupgraded");
    await host.text(["vm", "resume", "web"]);
    await inside("touch /root/broken");
    const failed = await text(["vm", "upgrade", "web"]);
    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/exit code 1\n(.*\n)*upgraded/) });
    await inside("rm /root/broken");
    expect(await statusOf("web")).toBe("running");
  });

  it("says its last words when it is stopped, and stops although they fail", async () => {
    expect(await host.json(["vm", "stop", "web"])).toMatchObject({
      status: "stopped",
      how: "shut down",
      warnings: [expect.stringMatching(/shutdown_commands failed with exit code 4\nno more/)],
    });
  });

  it("is started for an upgrade, every step and command of a start with it, and stopped again", async () => {
    const { output, status } = await host.json<{ output: string; status: string }>(["vm", "upgrade", "web"]);
    expect(status).toBe("stopped");
    expect(output.split("\n").slice(-4)).toEqual(["stopped", "provisioned", "started", "upgraded"]);
  });

  it("is as new when it was recycled; its plan changes nothing", async () => {
    const again = await host.json<{ changed: boolean; status: string }>(["vm", "recycle", "web"]);
    expect(again).toMatchObject({ changed: true, status: "running" });
    expect(await inside("cat /root/log")).toBe("provisioned\nstarted");
    expect(await host.plan()).toEqual({});
  });
});

describe("machines without a guest", () => {
  const env = { PATH: `${join(repository, "scripts")}:${process.env.PATH}` };
  const vm = (...args: string[]) => host.run(["vm", ...args, "--json"], { env });
  const others = {
    two: bareMachine({ networks: { lan: { kind: "link", peer: "far" } } }),
    far: bareMachine({ networks: { lan: { kind: "link", peer: "two" } }, running: false }),
    safe: bareMachine({ delete_protection: true, running: false }),
    deaf: bareMachine({ networks: {}, shutdown_commands: ["true"], timeouts: { stop: 1, quit: 10 } }),
    fresh: bareMachine({ snapshot_mode: true, upgrade_command: "true", running: false }),
  };
  beforeAll(async () => {
    await host.declare({ one: bareMachine({ autostart: true, running: false }), ...others });
    const { exitCode, stderr } = await host.run(["apply", "--auto-approve"], { env });
    expect(exitCode, stderr).toBe(0);
  });

  it("are not upgraded where there is nothing to do, and say why", async () => {
    expect(await host.json(["vm", "upgrade", "one"])).toMatchObject({
      changed: false,
      reason: "no upgrade_command is declared",
      status: "stopped",
    });
    expect(await host.json(["vm", "upgrade", "fresh"])).toMatchObject({
      changed: false,
      reason: expect.stringContaining("snapshot_mode"),
    });
  });

  it("stop although nobody hears their last words", async () => {
    expect(await host.json(["vm", "stop", "deaf"])).toMatchObject({
      status: "stopped",
      warnings: [expect.stringContaining("did not run to their end")],
    });
  });

  it("are not recycled under delete_protection", async () => {
    expect(await refusal("vm", "recycle", "safe")).toEqual({ exitCode: 1, code: "E_MACHINE_PROTECTED" });
    expect(await refusal("vm", "recycle", "nobody")).toEqual({ exitCode: 1, code: "E_MACHINE_UNKNOWN" });
  });

  it("are renamed, with all that goes by the name; again it is nothing to do", async () => {
    const unit = (name: string) => join(host.folder, `config/systemd/user/guestkit-${name}.service`);
    await writeFile(join(host.folder, "data/machines/one/known_hosts"), "one ssh-ed25519 AAAA\n");
    expect((await vm("rename", "one", "uno")).exitCode).toBe(0);
    expect(await readFile(unit("uno"), "utf8")).toContain("vm up uno");
    await expect(readFile(unit("one"))).rejects.toMatchObject({ code: "ENOENT" });
    expect(await readFile(join(host.folder, "data/machines/uno/known_hosts"), "utf8")).toBe("uno ssh-ed25519 AAAA\n");
    const again = await vm("rename", "one", "uno");
    expect(JSON.parse(again.stdout.toString())).toMatchObject({ changed: false });
    expect(await host.json(["vm", "up", "uno"])).toMatchObject({ status: "running" });
    expect(await refusal("vm", "status", "one")).toMatchObject({ code: "E_MACHINE_UNKNOWN" });
    const { files } = await host.remains();
    expect(files.filter((each) => /(^|[/.-])one([./-]|$)/.test(each))).toEqual([]);
  });

  it("are not renamed while they run, others name them, or the name is taken or none", async () => {
    expect(await refusal("vm", "rename", "two", "deux")).toEqual({ exitCode: 1, code: "E_MACHINE_RUNS" });
    expect(await refusal("vm", "rename", "far", "loin")).toEqual({ exitCode: 1, code: "E_RENAME_PEER" });
    expect(await refusal("vm", "rename", "safe", "two")).toEqual({ exitCode: 1, code: "E_MACHINE_EXISTS" });
    expect((await refusal("vm", "rename", "safe", "../safe")).exitCode).not.toBe(0);
    expect(await statusOf("safe")).toBe("stopped");
  });

  it("are found under the new name by a declaration that has it", async () => {
    await host.declare({ uno: bareMachine({ autostart: true }), ...others });
    expect((await host.run(["import", "virtual_machine.uno", "uno"], { env })).exitCode).toBe(0);
    const planned = JSON.parse((await host.run(["plan", "--json"], { env })).stdout.toString()) as {
      changes: { address: string; action: string }[];
    };
    expect(planned.changes.find(({ address }) => address === "virtual_machine.uno")?.action ?? "none").toBe("none");
  });
});
