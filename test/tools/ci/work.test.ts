import { chmod, mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { normalise } from "../../../core/engine/normalise.ts";
import { machineFolder } from "../../../core/machine/folder.ts";
import { asMachine } from "../../../core/machine/machine.ts";
import { NEW, writeMemory } from "../../../core/machine/memory.ts";
import { contractOf } from "../../../core/model/registry.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { run } from "../../support/tool.ts";
import { type Signing, Workshop } from "./workshop.ts";

describe("what is done with a verified commit", async () => {
  const shop = await Workshop.open();
  const work = (job: string, name = "") => shop.path(join("data/ci", job, "work", name));
  let ada: Signing;
  let signers: { allowed_signers: string };

  beforeAll(async () => {
    ada = await shop.sshKey("ada");
    signers = { allowed_signers: await shop.allow("allowed", "ada") };
  });

  it("keeps what a project made beside its file, mends what was changed, and removes what is gone", async () => {
    await symlink("a/one", join(shop.repository, "link"));
    await shop.commit("one", { "a/one": "1\n", "b/two": "2\n", "run.sh": "#!/bin/sh\n" }, ada);
    await shop.job("tree", { signers });
    await shop.run("tree");
    expect(await readlink(work("tree", "link"))).toBe("a/one");
    const first = await stat(work("tree", "a/one"));
    await writeFile(work("tree", "made.img"), "image");
    await writeFile(work("tree", "b/made.txt"), "kept");
    await writeFile(work("tree", "run.sh"), "#!/bin/sh\nrm -rf /\n");
    await rm(join(shop.repository, "b"), { recursive: true });
    await shop.commit("two", { "c/three": "3\n" }, ada);
    await shop.run("tree");
    expect((await readdir(work("tree"))).toSorted()).toEqual(["a", "b", "c", "link", "made.img", "run.sh"]);
    expect(await readdir(work("tree", "b"))).toEqual(["made.txt"]);
    expect(await readFile(work("tree", "run.sh"), "utf8")).toBe("#!/bin/sh\n");
    const untouched = await stat(work("tree", "a/one"));
    expect([untouched.ino, untouched.mtimeMs]).toEqual([first.ino, first.mtimeMs]);
    await shop.commit("in the way", { "made.img": "of the repository\n" }, ada);
    await expect(shop.run("tree")).rejects.toMatchObject({
      message: expect.stringContaining("not from the repository"),
    });
    expect(await readFile(work("tree", "made.img"), "utf8")).toBe("image");
    await shop.git(["rm", "--quiet", "made.img"]);
    // A guest that shares the check-out puts a link in a folder's place.
    await mkdir(shop.path("outside"));
    await rm(work("tree", "c"), { recursive: true });
    await symlink(shop.path("outside"), work("tree", "c"));
    await shop.commit("through a link", { "c/three": "4\n" }, ada);
    await expect(shop.run("tree")).rejects.toMatchObject({ code: "E_CI_FAILED" });
    expect(await readdir(shop.path("outside"))).toEqual([]);
  });

  it("says so where its list of the repository's files is damaged, and goes on without it", async () => {
    await shop.job("damaged", { signers });
    await shop.run("damaged");
    await writeFile(work("damaged", "../work.json"), "[");
    const refusal = { message: expect.stringContaining("does not say what came from the repository") };
    await expect(shop.run("damaged")).rejects.toMatchObject(refusal);
    expect(await shop.status("damaged")).toMatchObject({ reason: { code: "E_CI_MANIFEST" } });
    await rm(work("damaged", "../work.json"));
    expect(await shop.run("damaged")).toMatchObject({ result: "unchanged" });
  });

  it("is applied where it differs, and left alone where nothing does", async () => {
    const image = "version: 1\nresources:\n  disk_image:\n    data: { path: ./data.raw, format: raw, size: 1M }\n";
    await shop.commit("an image", { "hosts/guestkit.yaml": image }, ada);
    await shop.job("apply", { signers, apply: true, project: "hosts/guestkit.yaml" });
    expect(await shop.run("apply")).toMatchObject({ result: "passed", changes: ["create disk_image.data"] });
    expect((await stat(work("apply", "hosts/data.raw"))).size).toBe(1 << 20);
    expect((await shop.status("apply")).steps.map((each) => `${each.name}: ${each.result}`)).toEqual([
      ...["fetch: passed", "verify: passed", "check out: passed", "plan: passed", "apply: passed"],
    ]);
    expect(await shop.run("apply")).toMatchObject({ result: "unchanged", changes: [] });
    await rm(work("apply", "hosts/data.raw"));
    expect(await shop.run("apply")).toMatchObject({ result: "passed", changes: ["create disk_image.data"] });
    await shop.commit("larger", { "hosts/guestkit.yaml": image.replace("1M", "2M") }, ada);
    expect(await shop.run("apply")).toMatchObject({ result: "passed", changes: ["update disk_image.data"] });
    expect((await stat(work("apply", "hosts/data.raw"))).size).toBe(2 << 20);
    await shop.commit("gone", { "hosts/guestkit.yaml": "version: 1\n" }, ada);
    expect(await shop.run("apply")).toMatchObject({ changes: ["delete disk_image.data"] });
    await shop.commit("wrong", { "hosts/guestkit.yaml": "version: 1\nresources:\n  disk_image: { data: {} }\n" }, ada);
    const wrong = await shop.run("apply").then(
      () => null,
      (error: Error) => error,
    );
    expect(wrong?.message).toMatch(/guestkit\.yaml:3:\d+: .*path/);
    expect(await shop.status("apply")).toMatchObject({ result: "failed", exit_code: 1 });
  });

  it("is checked on the host; every check runs, within its time, and secrets stay out of log and report", async () => {
    const secret = "hunter2-hunter2";
    await writeFile(shop.path("secret"), secret);
    const step = `{ name: s, inline: ["true"], secret_environment: { TOKEN: "\${file.${shop.path("secret")}}" } }`;
    const project = `version: 1\nresources:\n  virtual_machine:\n    x: { name: x, provision: [${step}] }\n`;
    const tell = `#!/bin/sh\necho "$GUESTKIT_CI_JOB $GUESTKIT_CI_COMMIT"; cat ${shop.path("secret")}; exit 3\n`;
    const commit = await shop.commit("checks", { "guestkit.yaml": project, "tell.sh": tell }, ada);
    const checks = [
      { name: "tells", command: ["./tell.sh"], exit_code: 3 },
      { name: "fails", command: ["sh", "-c", "echo not; exit 1"] },
      { name: "late", command: ["sleep", "60"], timeout: 1 },
      { name: "absent", command: ["no-such-program"] },
      { name: "last", command: ["true"] },
    ];
    await shop.job("checks", { signers, provision: ["y*"], checks });
    await expect(shop.run("checks")).rejects.toMatchObject({
      message: expect.stringContaining("3 of 5 checks failed: fails, late, absent"),
    });
    const status = await shop.status("checks");
    expect(status.checks).toMatchObject([
      { name: "tells", result: "passed", exit_code: 3, output: `checks ${commit}\n[secret]`, machine: null },
      { name: "fails", result: "failed", exit_code: 1, output: "not" },
      { name: "late", result: "failed", exit_code: null, output: "It took longer than 1 s." },
      { name: "absent", result: "failed", exit_code: null },
      { name: "last", result: "passed", exit_code: 0 },
    ]);
    const log = await readFile(status.log, "utf8");
    expect(log).toContain("check fails: failed, exit code 1");
    for (const text of [
      log,
      JSON.stringify(status),
      await readFile(shop.path("data/ci/checks/report/index.html"), "utf8"),
    ]) {
      expect(text).not.toContain(secret);
    }
  });

  it("tells nothing of a timer's environment file", async () => {
    const file = shop.path("timer.env");
    await writeFile(file, "# of the timer\nTIMER_TOKEN='s3cret of a timer'\n");
    vi.stubEnv("GUESTKIT_CI_ENVIRONMENT_FILE", file);
    vi.stubEnv("TIMER_TOKEN", "s3cret of a timer");
    await shop.job("timed", { signers, checks: [{ name: "tells", command: ["sh", "-c", 'echo "<$TIMER_TOKEN>"'] }] });
    await shop.run("timed");
    vi.unstubAllEnvs();
    const { checks, log } = await shop.status("timed");
    expect(checks).toMatchObject([{ output: "<[secret]>" }]);
    expect(await readFile(log, "utf8")).not.toContain("s3cret");
  });

  it("owns nothing because a commit says so", async () => {
    await shop.commit("greedy", { ".guestkit/state.json": "{}" }, ada);
    await shop.job("greedy", { signers });
    await expect(shop.run("greedy")).rejects.toMatchObject({
      message: expect.stringContaining('Cannot check out ".guestkit/state.json"'),
    });
    await shop.git(["rm", "--quiet", "-r", ".guestkit"]);
    await shop.commit("modest", {}, ada);
  });

  it("is refused where a guest could change it: by a share that is planned, and by one of any machine of this user", async () => {
    const image = "disk_image: { data: { path: ./data.raw, format: raw, size: 1M } }";
    const shares = (more: string) => `{ code: { path: ./shared${more} } }`;
    const machine = (more: string) =>
      `version: 1\nresources:\n  ${image}\n  virtual_machine: { w: { name: w, shares: ${shares(more)} } }\n`;
    await shop.commit("shares its own code", { "guestkit.yaml": machine(""), "shared/check": "#!/bin/sh\n" }, ada);
    await shop.job("shared", { signers, apply: true });
    const refusal = { message: expect.stringMatching(/guest of "w" .*share "code" of ".*\/work\/shared"/) };
    await expect(shop.run("shared")).rejects.toMatchObject(refusal);
    expect(await readdir(work("shared"))).not.toContain("data.raw");

    const settings = {
      dataDir: shop.path("data"),
      cacheDir: shop.path("cache"),
      runtimeDir: shop.path("run"),
      mirror: null,
    };
    const declared = { name: "other", shares: { all: { path: shop.path("all") } } } as const;
    const remember = (more: object) => {
      const given = { ...declared, shares: { all: { ...declared.shares.all, ...more } } } as unknown as ValueObject;
      const machine = asMachine(normalise(contractOf("virtual_machine", "resource").input, given));
      return writeMemory(machineFolder("other", settings), { origin: "created", owner: null, machine, details: NEW });
    };
    // A link to what lies on the way to the job's folder.
    await symlink(shop.path("data"), shop.path("all"));
    await mkdir(machineFolder("other", settings).path, { recursive: true });
    await shop.commit("shares nothing", { "guestkit.yaml": "version: 1\n" }, ada);
    await remember({});
    await expect(shop.run("shared")).rejects.toMatchObject({ message: expect.stringContaining('guest of "other"') });
    await remember({ read_only: true });
    expect(await shop.run("shared")).toMatchObject({ result: "unchanged" });
    await rm(machineFolder("other", settings).path, { recursive: true });
  });

  it("is refused from a job file that others may write to, or that says something else than it may", async () => {
    const file = await shop.job("open", { signers });
    await chmod(file, 0o666);
    await expect(shop.run("open")).rejects.toMatchObject({ code: "E_CI_FOREIGN" });
    await shop.job("ext", { signers, repository: "ext::sh -c true" });
    await expect(shop.run("ext")).rejects.toMatchObject({ code: "E_CI_REPOSITORY" });
    await shop.job("nobody", { signers: {} });
    await expect(shop.run("nobody")).rejects.toMatchObject({ code: "E_CI_JOB" });
    await shop.job("typo", { signers, chekcs: [] });
    await expect(shop.run("typo")).rejects.toMatchObject({
      code: "E_FIELD_UNKNOWN",
      message: expect.stringMatching(/typo\.yaml:\d+:\d+/),
    });
    await shop.job("absent", { signers, ref: "nowhere" });
    await expect(shop.run("absent")).rejects.toMatchObject({
      message: expect.stringContaining("neither a branch nor a tag"),
    });
  });

  it("gives up on a server that does not answer", async () => {
    vi.stubEnv("GIT_SSH_COMMAND", "sleep 60 #");
    await shop.job("deaf", { signers, repository: "git.example.org:hosts.git", timeouts: { fetch: 1 } });
    await expect(shop.run("deaf")).rejects.toMatchObject({ message: expect.stringContaining("took longer than 1 s") });
    expect(await shop.status("deaf")).toMatchObject({ result: "failed", reason: { code: "E_CI_TIMEOUT" } });
    vi.unstubAllEnvs();
  });

  it.skipIf(process.getuid?.() !== 0)("is fetched from a repository of another user as well", async () => {
    await shop.commit("whoever owns it", {}, ada);
    await run("chown", ["-R", "65534:65534", shop.repository]);
    await shop.job("other", { signers });
    expect(await shop.run("other")).toMatchObject({ result: "unchanged" });
    await run("chown", ["-R", "0:0", shop.repository]);
  });
});
