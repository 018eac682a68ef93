import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../support/engines.ts";

/** As on a machine without any other Node or guestkit. */
const PATH = "/usr/bin:/bin";
let prefix: string;
let home: string;
/** As `npm run cli:install` does it, once; what it has built then, afterwards. */
const SCRIPT = ["sh", join(repository, "scripts/cli-install")];
const BUILT = [process.execPath, join(repository, "cli/dist/install.mjs")];
const install = ([program = "", ...first]: readonly string[], args: readonly string[] = []) =>
  execa(program, [...first, ...args, prefix], { env: { HOME: home }, reject: false });
const command = () => join(prefix, "bin/guestkit");
const tree = async () => (existsSync(prefix) ? await readdir(prefix, { recursive: true }) : []);

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "guestkit-install-"));
  prefix = join(home, "a prefix's");
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe("cli:install", { timeout: 120_000 }, () => {
  it("brings a command that needs nothing of the checkout", async () => {
    const { stdout, exitCode, stderr } = await install(SCRIPT);
    expect({ exitCode, stderr: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.split("\n")).toContain(command());
    const env = { PATH, HOME: home };
    expect((await execa(command(), ["version"], { env, extendEnv: false })).stdout).toContain("guestkit 0.");
    expect(await readFile(command(), "utf8")).not.toContain(repository);
    const image = join(home, "disk.qcow2");
    await execa(command(), ["create", "--size", "16M", "--fs", "ext4", image], { env, extendEnv: false });
    const { stdout: listing } = await execa(command(), ["ls", image, "/"], { env, extendEnv: false });
    expect(listing).toContain("lost+found");
  });

  it("completes in bash, and has a page in man", async () => {
    const script = `. /usr/share/bash-completion/bash_completion; PATH="$1/bin:$PATH"; cd /
      _completion_loader guestkit; complete -p guestkit`;
    const env = { PATH, HOME: home, XDG_DATA_HOME: join(prefix, "share") };
    expect((await execa("bash", ["-c", script, "bash", prefix], { env, extendEnv: false })).stdout).toContain(
      "guestkit",
    );
    const page = join(prefix, "share/man/man1/guestkit.1");
    const { stdout, stderr } = await execa("groff", ["-man", "-ww", "-Tutf8", page]);
    expect(stderr).toBe("");
    for (const verb of ["inspect", "apply", "vm"]) expect(stdout).toContain(`guestkit ${verb}`);
  });

  it("replaces itself, keeping what a running command began with, and goes without a trace", async () => {
    const before = (await tree()).toSorted();
    const old = join(prefix, "lib/guestkit/code-0000");
    await mkdir(old);
    expect((await install(BUILT)).exitCode).toBe(0);
    expect((await tree()).toSorted()).toEqual([...before, "lib/guestkit/code-0000"].toSorted());
    expect((await install(SCRIPT, ["--uninstall"])).exitCode).toBe(0);
    expect(await tree()).toEqual([]);
  });

  it("goes into one archive that runs from wherever it is unpacked, by a link too", async () => {
    const archive = join(home, "guestkit.tar.gz");
    await execa("sh", [join(repository, "scripts/cli-pack"), archive]);
    const elsewhere = join(home, "else where");
    await mkdir(elsewhere);
    await execa("tar", ["-xzf", archive, "--strip-components=1", "-C", elsewhere]);
    await symlink(join(elsewhere, "bin/guestkit"), join(home, "linked"));
    const { stdout } = await execa(join(home, "linked"), ["version"], { env: { PATH, HOME: home }, extendEnv: false });
    expect(stdout).toContain("guestkit 0.");
    expect(await readFile(join(elsewhere, "bin/guestkit"), "utf8")).not.toContain(home);
  });

  it("leaves a command of that name alone that somebody else put there", async () => {
    await mkdir(join(prefix, "bin"), { recursive: true });
    await writeFile(command(), "#!/bin/sh\necho mine\n");
    await chmod(command(), 0o755);
    for (const args of [[], ["--uninstall"]]) {
      const { exitCode, stderr } = await install(BUILT, args);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining("something else of that name")]);
    }
    expect(await readFile(command(), "utf8")).toContain("mine");
  });
});
