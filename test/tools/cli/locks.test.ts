import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { type CliOptions, type CliResult, GUESTKIT, guestkit } from "../../support/cli.ts";
import { eventually, type GatedTools, gatedTools } from "../../support/gated-tools.ts";
import { ordinaryUser } from "../../support/ordinary-user.ts";
import { scratch } from "../../support/run.ts";

const dir = await scratch("locks");

interface Work {
  readonly cwd: string;
  readonly tools: GatedTools;
  readonly image: string;
  /** A create of the image by a command that is called `who`. */
  create(who: string, args?: readonly string[], options?: CliOptions): Promise<CliResult>;
  names(): Promise<readonly string[]>;
}

/** A folder with a qemu-img that waits at a gate. */
async function work(name: string): Promise<Work> {
  const cwd = join(dir, name);
  await mkdir(cwd);
  const tools = await gatedTools(join(dir, `${name}-tools`));
  const image = join(cwd, "x.raw");
  return {
    ...{ cwd, tools, image },
    create: (who, args = [], { env, ...options } = {}) =>
      guestkit(["create", "--format", "raw", "--size", "1M", ...args, image], {
        ...{ cwd, ...options, env: { ...tools.env(who), ...env } },
      }),
    names: async () => (await readdir(cwd)).toSorted(),
  };
}

const AT_ONCE = { env: { GUESTKIT_LOCK_TIMEOUT: "0" } };
const DONE = [".x.raw.guestkit.json", "x.raw"];

/** Whether somebody waits for the kernel's lock on a file. */
async function isWaitedFor(path: string): Promise<boolean> {
  const { ino } = await stat(path);
  return (await readFile("/proc/locks", "utf8"))
    .split("\n")
    .some((line) => line.includes(`:${ino} `) && line.includes("-> FLOCK"));
}

/** The command line in a PID namespace of its own. */
function contained(args: readonly string[], cwd: string, env: Record<string, string>): ChildProcess {
  const node = [...GUESTKIT, ...args];
  return spawn("unshare", ["--pid", "--fork", "--kill-child", "--mount-proc", ...node], {
    ...{ cwd, env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] as const },
  });
}

it("orders two PID namespaces on one folder, whichever is first", async () => {
  const { cwd, tools, image, create } = await work("namespaces");
  const args = ["create", "--format", "raw", "--size", "1M", image];
  const inside = contained(args, cwd, tools.env("inside"));
  await tools.until(/enter inside/);
  const refused = await create("outside", [], AT_ONCE);
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringMatching(/process \d+ of another container/)]);
  await tools.open();
  expect(await once(inside, "exit")).toEqual([0, null]);

  await tools.shut();
  const outside = create("outside", ["--overwrite"]);
  await tools.until(/enter outside/);
  const second = contained([...args, "--overwrite"], cwd, { ...tools.env("inside"), ...AT_ONCE.env });
  expect(await once(second, "exit")).toEqual([1, null]);
  await tools.open();
  expect((await outside).exitCode).toBe(0);
  expect(await tools.log()).toEqual(["enter inside", "leave inside", "enter outside", "leave outside"]);
});

it("orders two users, and leaves root's command alone", async () => {
  const { cwd, tools, image, create } = await work("users");
  await chmod(cwd, 0o777);
  for (const each of [dir, cwd]) await chmod(each, 0o777);
  await using user = await ordinaryUser();
  const first = create("root");
  await tools.until(/enter root/);
  process.env.GUESTKIT_LOCK_TIMEOUT = "0";
  onTestFinished(() => void delete process.env.GUESTKIT_LOCK_TIMEOUT);
  const refused = await user.run(join(import.meta.dirname, "../../../cli/bin/guestkit.ts"), [
    "create",
    "--lock-timeout",
    "0",
    "--format",
    "raw",
    "--size",
    "2M",
    image,
  ]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/process \d+ is changing it/) });
  await tools.open();
  expect((await first).exitCode).toBe(0);
  expect((await stat(image)).size).toBe(1 << 20);
});

it("lets ten commands make ten images in one folder at the same time", async () => {
  const { cwd, tools } = await work("ten");
  const names = Array.from({ length: 10 }, (_, index) => `${index}.raw`);
  const all = names.map((name) =>
    guestkit(["create", "--format", "raw", "--size", "1M", name], { cwd, env: { ...tools.env(name), ...AT_ONCE.env } }),
  );
  await tools.until(/^enter/, 10);
  expect((await tools.log()).filter((line) => line.startsWith("leave"))).toEqual([]);
  await tools.open();
  expect((await Promise.all(all)).map(({ exitCode }) => exitCode)).toEqual(names.map(() => 0));
}, 60_000);

it("lets two commands find one dead lock, and one of them be held up over it", async () => {
  const { cwd, tools, image, create } = await work("dead");
  await writeFile(join(cwd, ".x.raw.guestkit-lock"), JSON.stringify({ pid: 999_999, tag: "deadbeef" }));
  // strace's delay stands for a busy host: between the look at the dead lock and whatever is done about it.
  const slow = ["-f", "-qq", "-o", "/dev/null", "-e", "trace=unlink", "-e", "inject=unlink:delay_enter=1500000:when=1"];
  const command = [...slow, ...GUESTKIT, "create", "--format", "raw", "--size", "1M", image];
  const first = spawn("strace", command, { cwd, env: { ...process.env, ...tools.env("first") }, stdio: "ignore" });
  const firstEnded = once(first, "exit");
  await sleep(800);
  const second = create("second", ["--size", "2M"]);
  await tools.until(/^enter/);
  // The other one has had its time, and would be in by now.
  await sleep(2500);
  const inside = await tools.log();
  await tools.open();
  await Promise.all([firstEnded, second]);
  expect(inside).toHaveLength(1);
});

it("is free at once where its holder is killed, and nothing of it stays", async () => {
  const { tools, create, names } = await work("killed");
  let kill: ((signal: NodeJS.Signals) => void) | undefined;
  const first = create("killed", [], {
    onStart: (with_) => {
      kill = with_;
    },
  });
  await tools.until(/enter killed/);
  kill?.("SIGKILL");
  await first;
  await tools.open();
  // On a busy host it tells how far it is as well.
  const next = await create("next", [], AT_ONCE);
  expect(next).toMatchObject({ exitCode: 0, stderr: expect.not.stringMatching(/process \d|wait/) });
  expect(await names()).toEqual(DONE);
});

it("holds for who waits while the image is replaced, and hands no lock to a program that it starts", async () => {
  const { tools, image, create, names } = await work("replaced");
  await tools.open();
  await create("zero");
  await tools.shut();
  const first = create("first", ["--overwrite"]);
  await tools.until(/enter first/);
  const second = create("second", ["--overwrite", "--size", "2M"]);
  await eventually(() => isWaitedFor(image));
  await tools.open();
  expect([(await first).exitCode, (await second).exitCode]).toEqual([0, 0]);
  expect((await tools.log()).slice(2)).toEqual(["enter first", "leave first", "enter second", "leave second"]);
  expect(await names()).toEqual(DONE);
  const open = await readFile(join(dir, "replaced-tools/log.open"), "utf8");
  expect(open).toMatch(/^open first pipe:/m);
  expect(open).not.toContain("x.raw");
});

it("ends a wait at Ctrl-C", async () => {
  const { tools, image, create } = await work("interrupted");
  const first = create("first");
  await tools.until(/enter first/);
  let interrupt: (signal: NodeJS.Signals) => void = () => {};
  const second = create("second", ["--lock-timeout", "3600"], {
    onStart: (kill) => {
      interrupt = kill;
    },
  });
  await eventually(() => isWaitedFor(join(image, "../.x.raw.guestkit-partial-next")));
  interrupt("SIGINT");
  expect((await second).exitCode).toBe(130);
  await tools.open();
  expect((await first).exitCode).toBe(0);
});

it("names who holds a lock without a word, and the way out", async () => {
  const { cwd, tools, image, create } = await work("foreign");
  await tools.open();
  await create("us");
  const holder = spawn("flock", ["-s", image, "sh", "-c", "echo held; exec sleep 60"], { detached: true });
  onTestFinished(() => void process.kill(-(holder.pid ?? 0), "SIGKILL"));
  await once(holder.stdout, "data");
  // What another says of himself counts for nothing.
  await writeFile(join(cwd, ".x.raw.guestkit-lock"), JSON.stringify({ pid: 1, tag: "" }));
  const { exitCode, stderr } = await create("us", ["--overwrite", "--lock-timeout", "0.2"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`process ${holder.pid} (flock) holds a lock on "x.raw"`);
  expect(stderr).toMatch(/--lock-timeout SECONDS.*chmod go-r/);
});
