import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { demandSsh, rsync, runScript, type ScriptOptions } from "../../../core/communicator/index.ts";
import type { Context, Progress } from "../../../core/kit/context.ts";
import { runShutdownCommands, runStartupCommands } from "../../../core/lifecycle/daily/commands.ts";
import { machineFolder, prepareFolder } from "../../../core/machine/folder.ts";
import type { Machine } from "../../../core/machine/machine.ts";
import { type MachineMemory, NEW } from "../../../core/machine/memory.ts";
import type { Run } from "../../../core/machine/run.ts";
import { HANG_MS } from "../../support/hang.ts";
import { hostAgent } from "../../support/host-agent.ts";
import { contextIn, machineOf } from "../../support/machine.ts";
import { scratch } from "../../support/scratch.ts";
import { sshServer } from "../../support/ssh-server.ts";
import { run } from "../../support/tool.ts";

/** The host plays the guest: real sshd and real qemu-ga in the places where a machine's are. */
const root = await scratch("daily");
const context = contextIn(root);
const folder = machineFolder("web", context.settings);
await prepareFolder(folder);
const server = await sshServer(folder.path);
const agent = await hostAgent(folder.socket("agent"), root);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});
const { username } = userInfo();
const ssh = { user: username, port: 22, private_key: null, network: null };
const machine = machineOf({ name: "web", ssh });
const forward = { network: "default", name: "ssh", protocol: "tcp" as const, host_address: "127.0.0.1" };
const live: Run = {
  ...{ format_version: 1, qemu: null, program: "", argv: [], accelerator: "tcg", display: null },
  ...{ forwards: [{ ...forward, host_port: server.target.port, guest_port: 22 }], machine: null, ready: true },
};
const place = { machine, folder, run: live };
const unreachable = { ...live, forwards: live.forwards.map((each) => ({ ...each, host_port: 1 })) };

const leftovers = async () => (await readdir("/tmp")).filter((name) => name.startsWith(".guestkit-run-"));
const until = async (is: () => Promise<boolean>) => {
  for (let tries = 0; tries < 200; tries++) {
    if (await is()) return true;
    await sleep(100);
  }
  return false;
};
const runs = (word: string) => run("sh", ["-c", `pgrep -f "${word}" || true`]).then((pids) => pids.trim() !== "");

async function script(name: string, text: string | Uint8Array): Promise<string> {
  await writeFile(join(root, name), text, { mode: 0o644 });
  return join(root, name);
}

describe.each(["ssh", "agent"] as const)("a script by %s", (via) => {
  const go = (file: string, more: Partial<ScriptOptions> = {}, within: Context = context) =>
    runScript(place, { file, args: [], via, ...more }, within);

  it("is a file of its owner alone, runs as its #! says, and passes on arguments, input, outputs and exit code", async () => {
    const file = await script(
      "all.py",
      `#!/usr/bin/env python3
import os, sys
mode = lambda path: oct(os.stat(path).st_mode & 0o7777)
print(mode(sys.argv[0]), mode(os.path.dirname(sys.argv[0])), sys.argv[1:], sys.stdin.read())
print("err", file=sys.stderr)
sys.exit(3)`,
    );
    const result = await go(file, { args: ["it's", "$HOME", ""], input: "line 1\nline 2" });
    expect(result).toEqual({
      exitCode: 3,
      stdout: `0o700 0o700 ["it's", '$HOME', ''] line 1\nline 2\n`,
      stderr: "err\n",
    });
    expect(await leftovers()).toEqual([]);
  });

  it("may be a program, or end in bytes that are none of its input", async () => {
    expect((await go("/usr/bin/printf", { args: ["%s|", "a", "b c"] })).stdout).toBe("a|b c|");
    const tail = new Uint8Array(700_000).map((_, at) => at % 251);
    const file = await script("long", Buffer.concat([Buffer.from('#!/bin/sh\nwc -c < "$0"; cat\nexit 0\n'), tail]));
    expect((await go(file, { input: "in" })).stdout).toBe("700035\nin");
    expect(await leftovers()).toEqual([]);
  });

  it("has the exit codes of a shell where it cannot be run", async () => {
    const file = await script("lost", "#!/no/such/interpreter\n");
    expect([126, 127]).toContain((await go(file)).exitCode);
    await expect(go(join(root, "no such"))).rejects.toMatchObject({ code: "E_RUN_FILE" });
    await expect(go(await script("empty", ""))).rejects.toMatchObject({ code: "E_RUN_FILE" });
    expect(await leftovers()).toEqual([]);
  });

  it("is ended and removed when it is interrupted, or takes too long", async () => {
    const file = await script("slow", "#!/bin/sh\nsleep 765432 & sleep 765432\n");
    const controller = new AbortController();
    const failure = go(file, {}, { ...context, signal: controller.signal });
    failure.catch(() => {});
    expect(await until(() => runs("[s]leep 765432"))).toBe(true);
    controller.abort();
    await expect(failure).rejects.toMatchObject({ name: "AbortError" });
    expect(await until(async () => !(await runs("[s]leep 765432")))).toBe(true);
    expect(await until(async () => (await leftovers()).length === 0)).toBe(true);
    await expect(go(file, { timeoutMs: 1500 })).rejects.toMatchObject({ code: "E_GUEST_TIMEOUT" });
    expect(await until(async () => !(await runs("[s]leep 765432")))).toBe(true);
    expect(await until(async () => (await leftovers()).length === 0)).toBe(true);
  });

  it.runIf(userInfo().uid === 0)("runs as another user", async () => {
    const file = await script("who", '#!/bin/sh\nid -un; stat -c %U "$0"\n');
    expect((await go(file, { user: "nobody" })).stdout).toBe("nobody\nnobody\n");
    expect(await leftovers()).toEqual([]);
  });
});

describe("rsync", () => {
  const sync = (local: string, remote: string, direction: "in" | "out", options: readonly string[] = [], at = place) =>
    rsync(demandSsh(at), { local: join(root, local), remote: join(root, remote), direction, options }, context);
  const tree = (name: string) => readdir(join(root, name), { recursive: true }).then((names) => names.toSorted());

  it("goes both ways, with names as they are, options of its own, and its exit code", async () => {
    await mkdir(join(root, "a b/it's $HOME"), { recursive: true });
    await writeFile(join(root, "a b/it's $HOME/x;y"), "text", { mode: 0o640 });
    expect((await sync("a b/", "guest *", "in")).exitCode).toBe(0);
    expect(await tree("guest *")).toEqual(["it's $HOME", "it's $HOME/x;y"]);
    expect((await stat(join(root, "guest */it's $HOME/x;y"))).mode & 0o777).toBe(0o640);
    await writeFile(join(root, "guest */more"), "more");
    expect((await sync("back:1", "guest *", "out")).exitCode).toBe(0);
    expect(await tree("back:1")).toEqual(["guest *", "guest */it's $HOME", "guest */it's $HOME/x;y", "guest */more"]);
    await sync("a b/", "guest *", "in", ["--delete"]);
    expect(await tree("guest *")).toEqual(["it's $HOME", "it's $HOME/x;y"]);
    expect(await sync("no such", "guest", "in")).toMatchObject({
      exitCode: 23,
      stderr: expect.stringMatching(/No such/),
    });
  });

  it("tells that the guest has none, and where nobody is let in", async () => {
    await expect(sync("a", "b", "in", ["--rsync-path=/none/rsync"])).rejects.toMatchObject({
      code: "E_GUEST_NO_RSYNC",
    });
    const closed = { ...place, run: unreachable };
    await expect(sync("a", "b", "in", [], closed)).rejects.toMatchObject({ code: "E_SSH_UNREACHABLE" });
  });

  it("brings nothing out that runs as somebody else, and no device, unless it is told to", async () => {
    await mkdir(join(root, "hostile/dir"), { recursive: true });
    await writeFile(join(root, "hostile/program"), "#!/bin/sh", { mode: 0o755 });
    await chmod(join(root, "hostile/program"), 0o6755);
    await run("mkfifo", [join(root, "hostile/pipe")]);
    if (process.getuid?.() === 0) await run("mknod", [join(root, "hostile/zero"), "c", "1", "5"]);
    expect((await sync("taken", "hostile/", "out")).exitCode).toBe(0);
    expect(await tree("taken")).toEqual(["dir", "program"]);
    expect((await stat(join(root, "taken/program"))).mode & 0o7777).toBe(0o755);
    await sync("taken", "hostile/", "out", ["--specials", "--chmod=F4755"]);
    expect(await tree("taken")).toEqual(["dir", "pipe", "program"]);
    expect((await stat(join(root, "taken/program"))).mode & 0o7777).toBe(0o4755);
    await sync("hostile/", "brought", "in");
    expect((await stat(join(root, "brought/program"))).mode & 0o7777).toBe(0o6755);
  });
});

describe("commands of every start and end", () => {
  const memoryOf = (given: Partial<Machine>): MachineMemory => ({
    origin: "created",
    owner: null,
    machine: { ...machine, ...given },
    details: NEW,
  });
  const told = async (given: Partial<Machine>, at: Run, ms: number) => {
    const warnings: Progress[] = [];
    const watched = { ...context, progress: (event: Progress) => void (event.warning && warnings.push(event)) };
    await runShutdownCommands(memoryOf(given), folder, at, ms, watched);
    return warnings.map(({ detail }) => detail ?? "");
  };

  it("run in order as one script; the first that fails fails the start, with its words", async () => {
    const file = join(root, "started");
    const options = { folder, run: live, context };
    await runStartupCommands({ ...machine, startup_commands: ["x=1", `echo $x $(id -u) > ${file}`] }, options);
    expect(await readFile(file, "utf8")).toBe("1 0\n");
    const failure = runStartupCommands({ ...machine, startup_commands: ["echo oh; exit 9", "true"] }, options);
    await expect(failure).rejects.toMatchObject({
      code: "E_STARTUP_FAILED",
      message: expect.stringMatching(/exit code 9\noh$/),
    });
  });

  it("hinder no shutdown: what fails, hangs or cannot be reached is told", async () => {
    expect(await told({ shutdown_commands: ["true"] }, live, 20_000)).toEqual([]);
    expect(await told({ shutdown_commands: ["echo bye; false"] }, live, 20_000)).toEqual([
      "failed with exit code 1\nbye",
    ]);
    const started = performance.now();
    const slow = await told({ shutdown_commands: ["sleep 543210"] }, live, 2_000);
    expect(slow).toEqual(["did not run to their end: they took longer than 2 s"]);
    expect(performance.now() - started).toBeLessThan(HANG_MS);
    expect(await until(async () => !(await runs("[s]leep 543210")))).toBe(true);
    const nowhere = { ...folder, socket: (name: string) => join(root, `no-${name}`) };
    const warnings: Progress[] = [];
    const watched = { ...context, progress: (event: Progress) => void (event.warning && warnings.push(event)) };
    await runShutdownCommands(memoryOf({ shutdown_commands: ["true"] }), nowhere, unreachable, 2_000, watched);
    expect(warnings).toMatchObject([{ detail: expect.stringContaining("did not run to their end") }]);
  });
});
