import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockFile } from "../../../core/host/file-lock.ts";
import { findTool } from "../../../core/host/program/process.ts";
import { resolveSettings } from "../../../core/host/settings.ts";
import type { Progress } from "../../../core/kit/context.ts";
import { contractOf } from "../../../core/model/index.ts";
import { converse } from "../../../core/remote/conversation.ts";
import { hostNamed } from "../../../core/remote/host.ts";
import { openEngine } from "../../../core/remote/open-engine.ts";
import { payloads } from "../../../core/remote/payload.ts";
import { lineOf } from "../../../core/remote/ssh.ts";
import { jumpTo } from "../../support/jump.ts";
import { type RemoteHost, remoteHost, sshFor } from "../../support/remote-host.ts";
import { scratch } from "../../support/scratch.ts";
import { codeOf } from "../build/workbench.ts";

const dir = await scratch("remote");
const image = contractOf("disk_image", "resource");
const { PATH } = process.env;
const isRoot = userInfo().uid === 0;
if (!isRoot) console.warn("left out: only root can give a host a full cache folder, or one that forbids programs");
let [lab, odd]: (RemoteHost | undefined)[] = [];

beforeAll(async () => {
  const bare = join(dir, "bare");
  await mkdir(bare);
  // All that a small system has, but nothing that knows SHA-256.
  const few =
    "sh cat cut env find gzip grep head ln ls mkdir mktemp mv rm tar touch true uname dirname qemu-img setpriv";
  for (const each of few.split(" ")) await symlink(findTool(each), join(bare, each));
  lab = await remoteHost(dir, "lab");
  odd = await remoteHost(dir, "odd", { env: { PATH: bare } });
  process.env.PATH = [await sshFor(dir, [lab, odd]), PATH].join(delimiter);
  // Before anything that is asked for, as many a profile does.
  await writeFile(join(lab.home, ".bashrc"), "echo Welcome; printf 'no line end'\n");
});

afterAll(async () => {
  process.env.PATH = PATH;
  await lab?.server.stop();
  await odd?.server.stop();
});

const at = (host: string, more = {}) => openEngine({ host, ...more });

describe("an engine on a host", () => {
  it("is brought there once, checked, and does there what is asked of it", async () => {
    const phases = new Set<string>();
    const engine = await at("lab", { progress: ({ phase }: Progress) => phases.add(phase) });
    expect([...phases]).toEqual(["bringing guestkit to the host"]);
    expect(engine.baseDir).toBe(lab?.home);
    const config = { path: "a.qcow2", size: "1M" };
    const { plan, prior } = await engine.prepare(image, config);
    expect([plan.action, prior]).toEqual(["create", null]);
    const state = await engine.apply(image, plan, config);
    expect(state).toMatchObject({ id: join(lab?.home ?? "", "a.qcow2"), virtual_size: 1 << 20 });
    expect(existsSync(join(lab?.home ?? "", "a.qcow2"))).toBe(true);
    expect((await engine.prepare(image, config)).plan.action).toBe("none");
    expect(await engine.isOurs(image, String(state?.id))).toBe(true);
    expect(await engine.ownerOf(image, String(state?.id))).toBeNull();
  });

  it("is found there by the next one, and by many at once", async () => {
    const phases: string[] = [];
    const progress = ({ phase }: Progress) => phases.push(phase);
    const before = await readdir(lab?.engines ?? "");
    const engines = await Promise.all(["2", "3"].map((each) => at("lab", { settings: { mirror: each }, progress })));
    expect(engines.map(({ machine }) => machine.host)).toEqual(["lab", "lab"]);
    expect(phases).toEqual([]);
    expect(await readdir(lab?.engines ?? "")).toEqual(before);
  });

  it("has the files that a declaration brings along, and sees there when they change here", async () => {
    const laptop = join(dir, "laptop");
    await mkdir(join(laptop, "site"), { recursive: true });
    await writeFile(join(laptop, "site/page"), "<p>");
    await writeFile(join(laptop, "motd"), "hello");
    const engine = await at("lab", { callerDir: laptop });
    const config = {
      ...{ path: "site.img", format: "raw", size: "32M" },
      layout: { partitions: [{ name: "data", filesystem: "ext4", content: { directory: "site" } }] },
      files: [{ path: "/motd", source: "motd" }],
    };
    const { plan } = await engine.prepare(image, config);
    expect(plan.diagnostics).toEqual([]);
    const state = await engine.apply(image, plan, config);
    expect(state).toMatchObject({ files: [{ source: "motd" }], drift: [] });
    const content = contractOf("file_content", "query");
    const inside = (path: string) => engine.query(content, { disk_image: "site.img", path });
    expect(await inside("/page")).toMatchObject({ content: "<p>" });
    expect((await engine.prepare(image, config)).plan.action).toBe("none");
    await writeFile(join(laptop, "motd"), "changed");
    const { plan: next } = await engine.prepare(image, config);
    expect(next).toMatchObject({ action: "update", reasons: [{ path: ["files[0].source"] }] });
    await engine.apply(image, next, config);
    expect(await inside("/motd")).toMatchObject({ content: "changed" });
    const gone = await engine.prepare(image, { ...config, path: "b.img", files: [{ path: "/a", source: "gone" }] });
    expect(gone.plan.diagnostics).toMatchObject([{ code: "E_FILES_SOURCE", message: expect.stringContaining(laptop) }]);
  });

  it("tells what it refuses as it would here, with what really exists", async () => {
    const engine = await at("lab");
    const config = { path: "a.qcow2", size: "1K" };
    const { plan } = await engine.prepare(image, config);
    expect(plan.diagnostics.map(({ code }) => code)).toContain("E_SHRINK");
    const gone = { path: "no/such/\0", size: "1M" };
    expect((await engine.prepare(image, gone)).plan.diagnostics[0]?.code).toBe("E_FIELD_PATH");
  });

  it("stops what it does there when the call is cancelled", async () => {
    const [engine, path] = [await at("lab"), join(lab?.home ?? "", "cancelled.qcow2")];
    const lock = await lockFile(path, { signal: new AbortController().signal });
    const stop = new AbortController();
    const config = { path, size: "1M" };
    const plan = await engine.plan(image, null, config);
    const code = codeOf(engine.apply(image, plan, config, { signal: stop.signal }));
    // The request is there once an answer to a later one is.
    await engine.ownerOf(image, path);
    stop.abort();
    expect(await code).toBe("E_INTERRUPTED");
    await lock[Symbol.asyncDispose]();
    expect(await engine.observe(image, { path })).toBeNull();
  });

  it("goes on with an apply when the line is cut: it is gone back to, waited for, and no failure", async () => {
    const [engine, path] = [await at("lab"), join(lab?.home ?? "", "cut.qcow2")];
    const lock = await lockFile(path, { signal: new AbortController().signal });
    const config = { path, size: "1M" };
    const plan = await engine.plan(image, null, config);
    const applied = engine.apply(image, plan, config);
    // The request is there once an answer to a later one is.
    await engine.ownerOf(image, path);
    expect(lab?.cut()).toBe(true);
    // Whatever is asked next goes by the new line.
    await expect.poll(() => codeOf(engine.ownerOf(image, path)), { timeout: 60_000 }).toBe("no error");
    await lock[Symbol.asyncDispose]();
    expect(await applied).toMatchObject({ id: path, virtual_size: 1 << 20, drift: [] });
    expect((await engine.prepare(image, config)).plan.action).toBe("none");
    expect(existsSync(path)).toBe(true);
  });
});

it("is reached as ssh's configuration says: over a jump host, with a key that an agent has", async () => {
  if (!lab) return;
  await using jump = await jumpTo(dir, lab);
  await sshFor(dir, [lab, jump.gate], jump.section);
  const engine = await at("inner");
  expect(engine.machine.host).toBe("inner");
  expect(await engine.isOurs(image, join(lab.home, "a.qcow2"))).toBe(true);
  await sshFor(dir, odd ? [lab, odd] : [lab]);
});

describe("a host", () => {
  it("needs no sha256sum", async () => {
    expect((await at("odd")).machine.host).toBe("odd");
  });

  it("whose engine came half way only gets it anew, and keeps nothing of the half", async () => {
    if (!lab) return;
    await rm(lab.engines, { recursive: true });
    const host = hostNamed("lab");
    const stop = new AbortController();
    const options = { payloads: await payloads(resolveSettings()), signal: stop.signal };
    const half = converse(host, { ...options, progress: ({ done = 0 }) => done > 1 << 24 && stop.abort() });
    await expect(half).rejects.toThrow(/abort/i);
    await expect.poll(() => readdir(lab?.engines ?? ""), { timeout: 20_000 }).toEqual([]);
    const both = await Promise.all([1, 2].map(() => converse(host, { payloads: options.payloads })));
    for (const each of both) if ("client" in each) each.close();
    expect((await readdir(lab.engines)).filter((name) => name !== "current")).toHaveLength(1);
    expect(await readdir(join(lab.engines, "current"))).toContain("SHA256SUMS");
  });

  it("that cannot be written to says so, and what helps", async () => {
    if (!odd) return;
    await rm(join(odd.home, ".cache"), { recursive: true });
    await writeFile(join(odd.home, ".cache"), "");
    const refused = at("odd", { settings: { mirror: "x" } });
    await expect(refused).rejects.toMatchObject({
      code: "E_HOST_ENGINE",
      message: expect.stringMatching(/cannot write.*\.cache/s),
      help: expect.stringMatching(/GUESTKIT_REMOTE_INSTALL=false/),
    });
  });

  it.skipIf(!isRoot).each([
    ["is full", "size=24m", /could not be unpacked.*No space left/s],
    ["forbids programs", "noexec", /does not run.*Permission denied/s],
  ])("whose cache folder %s says so, and keeps nothing", async (what, cache, message) => {
    const name = what.replaceAll(" ", "-");
    const host = await remoteHost(dir, name, { cache });
    try {
      await sshFor(dir, [host]);
      await expect(at(name)).rejects.toMatchObject({ code: "E_HOST_ENGINE", message: expect.stringMatching(message) });
      const left = execFileSync("ssh", [name, `ls -A ${host.engines}`], { encoding: "utf8" });
      expect(left).toBe("");
    } finally {
      await host.server.stop();
      await sshFor(dir, lab && odd ? [lab, odd] : []);
    }
  });

  it("may be forbidden to be brought anything", async () => {
    await expect(at("odd", { remoteInstall: false })).rejects.toMatchObject({
      code: "E_HOST_ENGINE",
      message: expect.stringMatching(/no guestkit on PATH/),
    });
  });

  it("that is none is told in ssh's own words", async () => {
    await expect(at("nowhere.invalid")).rejects.toMatchObject({
      code: "E_HOST_UNREACHABLE",
      message: expect.stringMatching(/nowhere\.invalid/),
    });
  });

  it("with another key than it had is not spoken to", async () => {
    await odd?.server.rekey();
    await expect(at("odd", { settings: { mirror: "y" } })).rejects.toMatchObject({
      code: "E_HOST_UNREACHABLE",
      message: expect.stringMatching(/IDENTIFICATION HAS CHANGED|Host key verification failed/),
    });
  });
});

const SHELLS = ["sh", "bash", "zsh", "fish", "tcsh", "csh", "ksh", "busybox"];

it.each(SHELLS)("a script is one line that %s hands to sh as it is", async (name) => {
  const shell = [`/bin/${name}`, `/usr/bin/${name}`].find(existsSync);
  if (shell === undefined) return console.warn(`skipped: there is no ${name} here`);
  const line = lineOf([
    'A="${B:-x y}"',
    'case $A in x*) echo "$A" ;; *) exit 3 ;; esac',
    "f() { echo ${A##* }; }",
    "f",
  ]);
  const words = name === "busybox" ? ["sh", "-c", line] : ["-c", line];
  expect(execFileSync(shell, words, { encoding: "utf8" })).toBe("x y\ny\n");
});
