import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import { stringify } from "yaml";
import type { RunReport } from "../../../core/ci/index.ts";
import { contractOf } from "../../../core/model/registry.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { createEngine } from "../../../core/resource/index.ts";
import { faultsBy } from "../../support/schemas.ts";
import { scratch } from "../../support/scratch.ts";

/** How a commit or a tag is signed: arguments of git, before its verb. */
export type Signing = readonly string[];

const UNSIGNED: Signing = ["-c", "commit.gpgSign=false"];

/** A repository on this host, made by real git, beside the keys of those who sign in it and the jobs that pull it. */
export class Workshop {
  readonly folder: string;
  readonly repository: string;
  readonly env: Readonly<Record<string, string>>;

  private constructor(folder: string) {
    this.folder = folder;
    this.repository = join(folder, "source");
    this.env = {
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      ...{ GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.org" },
      ...{ GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.org" },
    };
  }

  static async open(name = "ci"): Promise<Workshop> {
    const workshop = new Workshop(await scratch(name));
    await mkdir(workshop.repository);
    await workshop.git(["init", "--quiet", "--initial-branch=main"]);
    return workshop;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async git(args: readonly string[], env: Readonly<Record<string, string>> = {}, input = ""): Promise<string> {
    const { stdout } = await execa("git", args, { cwd: this.repository, env: { ...this.env, ...env }, input });
    return stdout;
  }

  /** An SSH key; gives how to sign with it. Its public half is at `NAME.pub`. */
  async sshKey(name: string): Promise<Signing> {
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", this.path(name)]);
    return ["-c", "gpg.format=ssh", "-c", `user.signingKey=${this.path(name)}`];
  }

  /** Writes a list of allowed signers (ssh-keygen(1)): `name [options]`. Gives its path. */
  async allow(file: string, ...entries: readonly string[]): Promise<string> {
    const lines = entries.map(async (entry) => {
      const [name = "", ...options] = entry.split(" ");
      const key = (await readFile(this.path(`${name}.pub`), "utf8")).split(" ").slice(0, 2).join(" ");
      return `${name}@example.org ${[...options, key].join(" ")}\n`;
    });
    await writeFile(this.path(file), (await Promise.all(lines)).join(""));
    return this.path(file);
  }

  /** Writes files of the repository and commits them; gives the commit. */
  async commit(
    message: string,
    files: Readonly<Record<string, string>>,
    signing: Signing | null,
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(this.repository, name, ".."), { recursive: true });
      await writeFile(join(this.repository, name), text);
      if (text.startsWith("#!")) await chmod(join(this.repository, name), 0o755);
    }
    await this.git(["add", "--all"]);
    const sign = signing ? [...signing, "commit", "-S"] : [...UNSIGNED, "commit"];
    await this.git([...sign, "--quiet", "--allow-empty", "-m", message], env);
    return this.head();
  }

  head(ref = "HEAD"): Promise<string> {
    return this.git(["rev-parse", ref]);
  }

  /** Declares a job over the repository; gives its file. Signers and what it does are the caller's. */
  async job(name: string, given: ValueObject): Promise<string> {
    const file = this.path(`config/guestkit/ci/${name}.yaml`);
    await mkdir(this.path("config/guestkit/ci"), { recursive: true });
    await writeFile(file, stringify({ version: 1, repository: this.repository, apply: false, ...given }));
    return file;
  }

  /** Runs a job as every face does. */
  async run(name: string, more: ValueObject = {}): Promise<ValueObject> {
    const settings = { dataDir: this.path("data"), cacheDir: this.path("cache"), runtimeDir: this.path("run") };
    const config = this.path(`config/guestkit/ci/${name}.yaml`);
    const { output } = await createEngine({ settings }).action(contractOf("ci_run", "action"), { config, ...more });
    return output;
  }

  /** `status.json` of a job's report, which is as its published schema has it. */
  async status(name: string): Promise<RunReport> {
    const report = JSON.parse(await readFile(this.path(`data/ci/${name}/report/status.json`), "utf8")) as RunReport;
    expect(await faultsBy("ci-report", "", [report])).toBeNull();
    return report;
  }
}
