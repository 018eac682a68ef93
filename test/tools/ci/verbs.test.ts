import { mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { GUESTKIT_PROGRAM, guestkit } from "../../support/cli.ts";
import { Workshop } from "./workshop.ts";

describe("the verbs of jobs", async () => {
  const shop = await Workshop.open("ci verbs");
  const units = shop.path("config/systemd/user");
  const env = {
    GUESTKIT_DATA_DIR: shop.path("data"),
    GUESTKIT_RUNTIME_DIR: shop.path("run"),
    XDG_CONFIG_HOME: shop.path("config"),
    PATH: `${shop.path("bin")}:${process.env.PATH}`,
  };
  const ci = (...args: readonly string[]) => guestkit(["ci", ...args], { env });
  const json = async (...args: readonly string[]) => {
    const { stdout, stderr, exitCode } = await ci(...args, "--json");
    expect(exitCode, stderr).toBe(0);
    return JSON.parse(stdout.toString()) as Record<string, unknown>;
  };
  let commit: string;

  beforeAll(async () => {
    await mkdir(shop.path("bin"));
    await symlink(GUESTKIT_PROGRAM, shop.path("bin/guestkit"));
    const ada = await shop.sshKey("ada");
    commit = await shop.commit("first", { "file.txt": "one\n" }, ada);
    const signers = { allowed_signers: await shop.allow("allowed", "ada") };
    await shop.job("nightly", { signers, checks: [{ name: "ok", command: ["true"] }] });
    await shop.job("broken", { signers, ref: 7 });
  });

  it("install units that systemd understands, whose command runs the job, and uninstall leaves nothing", async () => {
    const answer = await json("install", "nightly", "--on-calendar", "Mon..Fri 03:00", "--random-delay", "60");
    const [timer, service] = [join(units, "guestkit.ci-nightly.timer"), join(units, "guestkit.ci-nightly.service")];
    expect(answer).toEqual({ changed: true, timer, service, started: false });
    expect(await readlink(join(units, "timers.target.wants/guestkit.ci-nightly.timer"))).toBe(timer);
    const verified = await execa("systemd-analyze", ["--user", "verify", timer, service], {
      env: { XDG_RUNTIME_DIR: shop.folder, SYSTEMD_LOG_LEVEL: "warning" },
      all: true,
      reject: false,
    });
    expect(`${verified.exitCode} ${verified.all}`).toBe("0 ");
    const { stdout } = await execa("systemd-analyze", ["calendar", "Mon..Fri 03:00"]);
    expect(stdout).toContain("Mon..Fri *-*-* 03:00:00");

    // systemd does not run here: what it would do with ExecStart is done by hand.
    const text = await readFile(service, "utf8");
    const words = (line: RegExp) =>
      [...(line.exec(text)?.[1] ?? "").matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
    const [program = "", ...args] = words(/^ExecStart=(.*)$/m);
    const environment = Object.fromEntries(
      words(/^Environment=(.*)$/m).map((each) => each.split("=") as [string, string]),
    );
    const ran = await execa(program, args, {
      env: { PATH: env.PATH, ...environment },
      extendEnv: false,
      reject: false,
    });
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(ran.stdout).toMatch(/result:\s+passed/);

    expect(await json("install", "nightly", "--on-calendar", "Mon..Fri 03:00", "--random-delay", "60")).toMatchObject({
      changed: false,
    });
    expect(await json("uninstall", "nightly", "--dry-run")).toEqual({ changed: true, removed: true });
    expect(await json("uninstall", "nightly")).toEqual({ changed: true, removed: true });
    expect(await json("uninstall", "nightly")).toEqual({ changed: false, removed: false });
    expect((await readdir(units, { recursive: true })).filter((name) => name.includes("nightly"))).toEqual([]);
  });

  it("refuse a time that systemd does not know", async () => {
    const { exitCode, stderr } = await ci("install", "nightly", "--on-calendar", "every full moon");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("every full moon")]);
    expect(await readdir(units).catch(() => [])).not.toContain("guestkit.ci-nightly.timer");
  });

  it("tell systemd where it runs", async () => {
    await writeFile(shop.path("bin/systemctl"), `#!/bin/sh\necho "$@" >> "${shop.path("told")}"\n`, { mode: 0o755 });
    await mkdir(shop.path("xdg/systemd/private"), { recursive: true });
    const running = { ...env, XDG_RUNTIME_DIR: shop.path("xdg") };
    const { stdout } = await guestkit(["ci", "install", "nightly", "--json"], { env: running });
    expect(JSON.parse(stdout.toString())).toMatchObject({ started: true });
    await guestkit(["ci", "uninstall", "nightly"], { env: running });
    const told = (await readFile(shop.path("told"), "utf8"))
      .replaceAll("--user --no-ask-password ", "")
      .trim()
      .split("\n");
    const unit = "guestkit.ci-nightly.timer";
    expect(told).toEqual(["daemon-reload", `restart ${unit}`, `stop ${unit}`, "daemon-reload"]);
  });

  it("list jobs and tell how the last run went", async () => {
    await json("run", "nightly");
    const { stdout } = await ci("list", "--json");
    const jobs = stdout
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(jobs).toMatchObject([
      { name: "broken", repository: null, result: null, on_calendar: null },
      { name: "nightly", repository: shop.repository, ref: "main", result: "passed", commit },
    ]);
    expect(await json("status", "nightly")).toMatchObject({
      ...{ result: "passed", reason: null, commit, signer: "ada@example.org" },
      report: shop.path("data/ci/nightly/report/index.html"),
    });
  });

  it("fail with exit code 1 and the reason, and name the jobs that there are", async () => {
    const { exitCode, stderr, stdout } = await ci("run", "absent", "--json");
    expect([exitCode, stdout.toString()]).toEqual([1, ""]);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: "E_CI_JOB_UNKNOWN", help: "There are: broken, nightly." },
    });
    expect((await ci("run", "broken")).exitCode).toBe(1);
    const none = await ci("run");
    expect([none.exitCode, none.stderr]).toEqual([1, expect.stringContaining("guestkit ci list")]);
  });

  it("dry-run verifies and changes nothing", async () => {
    await shop.commit("second", { "file.txt": "two\n" }, null);
    const { exitCode, stderr } = await ci("run", "nightly", "--dry-run");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("is not signed")]);
    await shop.git(["reset", "--quiet", "--hard", commit]);
    const before = await readFile(shop.path("data/ci/nightly/report/status.json"), "utf8");
    expect(await json("run", "nightly", "--dry-run")).toMatchObject({ result: "accepted", commit, changed: false });
    expect(await readFile(shop.path("data/ci/nightly/report/status.json"), "utf8")).toBe(before);
  });

  it("let programs declare a job and run it, and leave alone what somebody wrote by hand", async () => {
    const rpc = async (contract: string, input: object) => {
      const messages = [
        {
          jsonrpc: "2.0",
          id: 1,
          method: "initialize",
          params: { client: { name: "test", version: "1" }, protocol: 1 },
        },
        { jsonrpc: "2.0", id: 2, method: "action", params: { contract, input } },
      ];
      const text = messages.map((each) => `${JSON.stringify(each)}\n`).join("");
      const { stdout } = await guestkit(["rpc"], { env, input: text });
      const answers = stdout
        .toString()
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { id?: number });
      return answers.find(({ id }) => id === 2);
    };
    const declared = {
      job: "declared",
      repository: shop.repository,
      signers: { allowed_signers: shop.path("allowed") },
      apply: false,
    };
    const file = shop.path("config/guestkit/ci/declared.yaml");
    expect(await rpc("ci_job", declared)).toMatchObject({ result: { changed: true, output: { file } } });
    expect(await rpc("ci_job", declared)).toMatchObject({ result: { changed: false } });
    expect(await rpc("ci_run", { job: "declared" })).toMatchObject({
      result: { output: { result: "unchanged", commit } },
    });
    const before = await readFile(shop.path("config/guestkit/ci/nightly.yaml"), "utf8");
    expect(await rpc("ci_job", { ...declared, job: "nightly" })).toMatchObject({
      error: { data: { code: "E_CI_JOB_FOREIGN" } },
    });
    expect(await readFile(shop.path("config/guestkit/ci/nightly.yaml"), "utf8")).toBe(before);
    await rm(file);
  });
});
