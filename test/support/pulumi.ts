import { type ChildProcess, execFile, spawn } from "node:child_process";
import { access, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
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

/** A Pulumi project with one stack in a folder of its own, driven by the real command line. */
export class PulumiProject {
  readonly folder: string;
  readonly #binary: string;
  readonly #run: Run;

  private constructor(binary: string, folder: string, run: Run) {
    this.#binary = binary;
    this.folder = folder;
    this.#run = run;
  }

  /** Makes the project and its stack. `folder` is created; `run` says as whom programs run. */
  static async create(binary: string, folder: string, run: Run = runDirectly): Promise<PulumiProject> {
    await access(join(repository, "pulumi/dist/index.cjs")).catch(() => {
      throw new Error("pulumi/dist is missing: npm run build makes it");
    });
    await Promise.all(
      ["backend", "home", "node_modules/@pulumi", "node_modules/@guestkit"].map((name) =>
        mkdir(join(folder, name), { recursive: true }),
      ),
    );
    await symlink(SDK, join(folder, "node_modules/@pulumi/pulumi"));
    await symlink(join(repository, "pulumi"), join(folder, "node_modules/@guestkit/pulumi"));
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "test", private: true, main: "index.js" }));
    const project = { name: "test", runtime: { name: "nodejs", options: { typescript: false } } };
    await writeFile(join(folder, "Pulumi.yaml"), JSON.stringify(project));
    const made = new PulumiProject(binary, folder, run);
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
      env: this.#environment(),
    });
  }

  /** A command that the test itself watches and ends. */
  start(...args: readonly string[]): ChildProcess {
    const options = { cwd: this.folder, env: { ...process.env, ...this.#environment() }, stdio: "ignore" as const };
    return spawn(this.#binary, [...args, "--non-interactive", "--color", "never"], options);
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

  #environment(): Record<string, string> {
    const { PATH = "" } = process.env;
    return {
      PATH: [dirname(this.#binary), SDK, nodeFolder, PATH].join(":"),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "backend")}`,
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
  }
}

const runDirectly: Run = (file, args, { cwd, env }) =>
  new Promise((resolve) => {
    execFile(file, args, { cwd, env: { ...process.env, ...env }, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === "number" ? error.code : -1) : 0;
      resolve({ code, stdout, text: stdout + stderr });
    });
  });
