import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findEngine, repository } from "../../support/engines.ts";

const ansibleTest = findEngine("ansible-test");
const ansibleLint = findEngine("ansible-lint");

/** ansible-test fetches its pip bootstrap unless this stands in its HOME; ensurepip brings the same without a network. */
const PIP_BOOTSTRAP = "import ensurepip\nensurepip.bootstrap(upgrade=True, default_pip=True)\n";

describe.skipIf(!ansibleTest || !ansibleLint)("the built collection", () => {
  let scratch: string;
  let collection: string;
  /** Kept between runs: ansible-test makes its virtual environments there once. */
  const home = join(process.env.GUESTKIT_CACHE_DIR ?? join(homedir(), ".cache/guestkit"), "ansible-test-home");
  const env = {
    HOME: home,
    PYENV_ROOT: process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"),
    PATH: `${dirname(String(ansibleTest))}:${process.env.PATH}`,
    NO_COLOR: "1",
  };
  const run = (command: string, args: readonly string[], cwd: string) =>
    execa(command, args, { cwd, env, all: true, reject: false, stdin: "ignore" });

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), "guestkit-sanity-"));
    await mkdir(join(home, ".ansible/test/cache"), { recursive: true });
    await writeFile(join(home, ".ansible/test/cache/get_pip_24_2.py"), PIP_BOOTSTRAP);
    const galaxy = join(dirname(String(ansibleTest)), "ansible-galaxy");
    await cp(join(repository, "ansible/collection"), join(scratch, "source"), { recursive: true });
    await run(galaxy, ["collection", "build", "--output-path", scratch], join(scratch, "source"));
    collection = join(scratch, "ansible_collections/guestkit/guestkit");
    const tarball = join(scratch, "guestkit-guestkit-0.1.0.tar.gz");
    const installed = await run(galaxy, ["collection", "install", "--offline", "-p", scratch, tarball], scratch);
    expect(installed.exitCode, installed.all).toBe(0);
    await writeFile(join(collection, ".gitignore"), "tests/output/\n");
    await run("git", ["init", "-q", "."], collection);
    await run("git", ["add", "-A"], collection);
    await run("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "-qm", "built"], collection);
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  it("passes ansible-test sanity", async () => {
    const { exitCode, all } = await run(
      String(ansibleTest),
      ["sanity", "--venv", "--python", "3.11", "--requirements"],
      collection,
    );
    expect(exitCode, all).toBe(0);
    await rm(join(collection, "tests"), { recursive: true, force: true });
  });

  it("passes ansible-lint with the production profile", async () => {
    const { exitCode, all } = await run(String(ansibleLint), ["--offline", "--profile", "production", "."], collection);
    expect(exitCode, all).toBe(0);
  });
});
