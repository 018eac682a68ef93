import { type ChildProcess, execFile, type SpawnOptions, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, it } from "vitest";
import { atEnd } from "../../support/at-end.ts";
import { findEngine, findNextTerraform, PROVIDER_INSTALLER } from "../../support/engines.ts";

const execute = promisify(execFile);

/** Commands with commands of their own: an option stands behind both words. */
const OF_TWO_WORDS = new Set(["providers", "state", "workspace", "metadata"]);

export interface TestEngine {
  readonly name: string;
  readonly path: string;
}

/** Terraform and OpenTofu, those that are there. */
const engines: readonly TestEngine[] = ["terraform", "tofu"].flatMap((name) => {
  const path = findEngine(name);
  return path ? [{ name, path }] : [];
});

/** Runs a suite with each engine; where there is none, the report says what was left out. */
export function onEveryEngine(suite: (engine: TestEngine) => void, belongs = (_: string): boolean => true): void {
  const chosen = engines.filter(({ name }) => belongs(name));
  if (chosen.length > 0) describe.each(chosen)("$name", suite);
  else if (engines.length === 0)
    describe.skip("terraform and tofu", () => it("are not installed: npm run engines provides one", () => {}));
}

/** Runs a suite with Terraform 1.16 or newer, for what it alone has. */
export function onNextTerraform(suite: (engine: TestEngine) => void): void {
  const path = findNextTerraform();
  if (path) describe("terraform 1.16", () => suite({ name: "terraform", path }));
  else describe.skip("terraform 1.16", () => it("is not installed: npm run engines:all provides it", () => {}));
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  /** Diagnostics go here, unwrapped and without a frame. */
  readonly stderr: string;
}

/** A folder with a configuration in it, and an engine that finds the provider in a mirror of the test's own. */
export class Workspace {
  readonly dir: string;
  readonly engine: TestEngine;
  readonly #env: NodeJS.ProcessEnv;

  constructor(engine: TestEngine, dir: string, env: NodeJS.ProcessEnv) {
    this.engine = engine;
    this.dir = dir;
    this.#env = env;
  }

  /** Writes `main.tf` with the provider's requirement in front. */
  async configure(body: string): Promise<void> {
    await writeFile(join(this.dir, "main.tf"), `${REQUIREMENT}${body}`);
  }

  async init(): Promise<void> {
    await this.succeed("init", "-input=false");
  }

  /** Runs the engine; any exit code is an answer. */
  async run(...args: string[]): Promise<Outcome> {
    const child = this.start(args);
    const text = { stdout: "", stderr: "" };
    child.stdout?.on("data", (chunk) => (text.stdout += chunk));
    child.stderr?.on("data", (chunk) => (text.stderr += chunk));
    const code = await new Promise<number>((resolve) => child.on("close", (exit) => resolve(exit ?? -1)));
    return { code, stdout: text.stdout, stderr: unframe(text.stderr) };
  }

  start(args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const words = OF_TWO_WORDS.has(args[0] ?? "") ? 2 : 1;
    const line = [...args.slice(0, words), "-no-color", ...args.slice(words)];
    return spawn(this.engine.path, line, { cwd: this.dir, env: this.#env, ...options });
  }

  async succeed(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...args);
    if (code !== 0) throw new Error(`${this.engine.name} ${args.join(" ")} exits with ${code}\n${stdout}\n${stderr}`);
    return stdout;
  }

  apply(...args: string[]): Promise<string> {
    return this.succeed("apply", "-input=false", "-auto-approve", ...args);
  }

  /** Exit code 0: nothing to do; 1: an error; 2: changes. */
  plan(...args: string[]): Promise<Outcome> {
    return this.run("plan", "-input=false", "-detailed-exitcode", ...args);
  }

  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const found = JSON.parse(await this.#json("output")) as Readonly<Record<string, { value: unknown }>>;
    return Object.fromEntries(Object.entries(found).map(([name, { value }]) => [name, value]));
  }

  #json(command: string): Promise<string> {
    return this.succeed(command, "-json");
  }
}

const REQUIREMENT = `terraform {
  required_providers {
    guestkit = { source = "guestkit/guestkit" }
  }
}
`;

/** Diagnostics as running text: the engine frames and wraps them. */
function unframe(text: string): string {
  return text.replace(/^[│╷╵] ?/gm, "").replace(/\n(?=[a-z(])/g, " ");
}

let mirror: Promise<string> | undefined;

/** Where engines find the provider; other providers may be laid beside it. */
export const providerMirror = (): Promise<string> => (mirror ??= installProvider());

/** Installs the provider once a test file: its bundle was made before any test. */
async function installProvider(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "guestkit-mirror-"));
  atEnd(() => rm(dir, { recursive: true, force: true }));
  await execute(process.execPath, [PROVIDER_INSTALLER, dir]);
  return dir;
}

/** A folder removed after the file's tests, and an environment in which engines find the provider and nothing else. */
export async function surroundings(): Promise<{ readonly home: string; readonly env: NodeJS.ProcessEnv }> {
  const home = await mkdtemp(join(tmpdir(), "guestkit-terraform-"));
  atEnd(() => rm(home, { recursive: true, force: true }));
  const settings = join(home, "engine.tfrc");
  await writeFile(settings, `provider_installation {\n  filesystem_mirror { path = "${await providerMirror()}" }\n}\n`);
  const env = {
    ...process.env,
    TF_CLI_CONFIG_FILE: settings,
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    GUESTKIT_DATA_DIR: join(home, "data"),
    GUESTKIT_RUNTIME_DIR: join(home, "run"),
  };
  return { home, env };
}

/** A fresh workspace, initialised. */
export async function workspace(engine: TestEngine, body: string, extra: NodeJS.ProcessEnv = {}): Promise<Workspace> {
  const { home, env } = await surroundings();
  const dir = join(home, "work");
  await mkdir(dir);
  const made = new Workspace(engine, dir, { ...env, ...extra });
  await made.configure(body);
  await made.init();
  return made;
}
