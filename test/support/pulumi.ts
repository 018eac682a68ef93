import { type ChildProcess, execFile, spawn } from "node:child_process";
import { access, cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { NODE_COMPILE_CACHE } from "./cli.ts";
import { nodeFolder, repository } from "./engines.ts";

/** What a program said and how it ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  /** Both streams. */
  readonly text: string;
}

export type Run = (
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
) => Promise<Ran>;

/** Beside a Pulumi program: the SDK whose provider process runs guestkit's resources. */
const SDK = join(repository, "pulumi/node_modules/@pulumi/pulumi");

/** The bundle of the native provider. */
export const NATIVE_PROVIDER = join(repository, "pulumi/native/dist/pulumi-resource-guestkit.mjs");

/** A Pulumi project with one stack in a folder of its own, driven by the real command line. */
export class PulumiProject {
  readonly folder: string;
  readonly #binary: string;
  readonly #run: Run;
  readonly #language: Readonly<Record<string, string>>;

  private constructor(binary: string, folder: string, run: Run, language: Readonly<Record<string, string>>) {
    this.#binary = binary;
    this.folder = folder;
    this.#run = run;
    this.#language = language;
  }

  /**
   * Makes the project and its stack. `folder` is created; `run` says as whom programs run; `program` is a folder to copy
   * the project from, and without one `write` writes it. `language`: environment variables that a program in another
   * language needs; PATH is what goes in front.
   */
  static async create(
    binary: string,
    folder: string,
    run: Run = runDirectly,
    program: string | null = null,
    language: Readonly<Record<string, string>> = {},
  ): Promise<PulumiProject> {
    await linkPackages(folder);
    if (program === null) await writeProject(folder);
    else await cp(program, folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
    const made = new PulumiProject(binary, folder, run, language);
    const { code, text } = await made.pulumi("stack", "init", "test");
    if (code !== 0) throw new Error(text);
    return made;
  }

  /** Writes the program, CommonJS; `pulumi` and `guestkit` are there. */
  async write(program: string): Promise<void> {
    const head = 'const pulumi = require("@pulumi/pulumi");\nconst guestkit = require("@guestkit/pulumi");\n';
    await writeFile(join(this.folder, "index.js"), head + program);
  }

  pulumi(...args: readonly string[]): Promise<Ran> {
    return this.#run(this.#binary, [...args, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      env: this.environment,
    });
  }

  /** A command that the test itself watches and ends. */
  start(...args: readonly string[]): ChildProcess {
    const options = { cwd: this.folder, env: { ...process.env, ...this.environment }, stdio: "ignore" as const };
    return spawn(this.#binary, [...args, "--non-interactive", "--color", "never"], options);
  }

  /** Installs the native provider as a plugin of its own, from an archive as `npm run release` writes one. */
  async installProvider(): Promise<void> {
    const [archive, from] = [join(this.folder, "plugin.tar.gz"), join(this.folder, "plugin")];
    await mkdir(from);
    await cp(NATIVE_PROVIDER, join(from, "provider.mjs"));
    const program = `#!/bin/sh\nexec '${process.execPath}' "\${0%/*}/provider.mjs" "$@"\n`;
    await writeFile(join(from, "pulumi-resource-guestkit"), program, { mode: 0o755 });
    const packed = await this.#run("tar", ["-czf", archive, "-C", from, "."], { cwd: this.folder, env: {} });
    if (packed.code !== 0) throw new Error(packed.text);
    const { code, text } = await this.pulumi("plugin", "install", "resource", "guestkit", "v0.1.0", "--file", archive);
    if (code !== 0) throw new Error(text);
  }

  up = (...args: readonly string[]) => this.pulumi("up", "--yes", "--skip-preview", ...args);
  preview = (...args: readonly string[]) => this.pulumi("preview", ...args);
  refresh = (...args: readonly string[]) => this.pulumi("refresh", "--yes", "--skip-preview", ...args);
  destroy = (...args: readonly string[]) => this.pulumi("destroy", "--yes", "--skip-preview", ...args);

  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.pulumi("stack", "output", "--json", "--show-secrets");
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** The state as the backend stores it. */
  async state(): Promise<string> {
    return (await this.pulumi("stack", "export")).stdout;
  }

  /** Of its programs, beyond that of this process. */
  get environment(): Record<string, string> {
    const { PATH = "" } = process.env;
    const { PATH: first, ...more } = this.#language;
    return {
      ...more,
      NODE_COMPILE_CACHE,
      PATH: [...(first ? [first] : []), dirname(this.#binary), SDK, nodeFolder, PATH].join(":"),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "backend")}`,
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
  }
}

/** What a program imports, as `npm install` would lay it out. */
async function linkPackages(folder: string): Promise<void> {
  await access(join(repository, "pulumi/dist/index.cjs")).catch(() => {
    throw new Error("pulumi/dist is missing: npm run build makes it");
  });
  const packages = {
    "@pulumi/pulumi": SDK,
    "@guestkit/pulumi": join(repository, "pulumi"),
    "@types/node": join(repository, "node_modules/@types/node"),
  };
  for (const name of ["backend", "home"]) await mkdir(join(folder, name), { recursive: true });
  for (const [name, target] of Object.entries(packages)) {
    await mkdir(dirname(join(folder, "node_modules", name)), { recursive: true });
    await symlink(target, join(folder, "node_modules", name));
  }
}

async function writeProject(folder: string): Promise<void> {
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "test", private: true, main: "index.js" }));
  const project = { name: "test", runtime: { name: "nodejs", options: { typescript: false } } };
  await writeFile(join(folder, "Pulumi.yaml"), JSON.stringify(project));
}

const runDirectly: Run = (file, args, { cwd, env }) =>
  new Promise((resolve) => {
    execFile(file, args, { cwd, env: { ...process.env, ...env }, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === "number" ? error.code : -1) : 0;
      resolve({ code, stdout, text: stdout + stderr });
    });
  });
