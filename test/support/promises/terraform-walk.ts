import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { contractOf, type ValueObject } from "../../../core/model/index.ts";
import { createEngine } from "../../../core/resource/index.ts";
import { typeName } from "../../../provider/schema/names.ts";
import { contextIn } from "../machine.ts";
import { terraformNames } from "../terraform-names.ts";
import type { Palette } from "./palette.ts";
import { reattach, SOURCE } from "./reattached.ts";
import { stepOf, Walk } from "./walk.ts";

/** After so many steps it is asked whether there is anything left to do. */
const ASKED_EVERY = 5;

/**
 * Walks declarations of every resource at once through an engine of Terraform's kind, which itself holds what was planned
 * against what was applied.
 */
export async function walkTerraform(
  binary: string,
  palettes: readonly Palette[],
  folder: string,
  seed: number,
  steps: number,
): Promise<void> {
  const { settings } = contextIn(folder);
  await using provider = await reattach();
  const work = join(folder, "work");
  await mkdir(work, { recursive: true });
  const env = { ...process.env, ...provider.env };
  const terraform = (...args: string[]) => run(binary, [...args, "-no-color", "-input=false"], work, env);
  const walks = palettes.map((each) => new Walk(each, seed, createEngine({ settings })));
  for (let step = 1; step <= steps; step++) {
    const declared = await nextOf(walks);
    const { dataDir: data_dir, cacheDir: cache_dir } = settings;
    await writeFile(join(work, "main.tf.json"), JSON.stringify(configuration(declared, { data_dir, cache_dir })));
    const told = declared.map(([palette, value]) => stepOf(palette, seed, step, value)).join("\n");
    if (step === 1) demand(await terraform("init"), 0, told);
    demand(await terraform("apply", "-auto-approve"), 0, told);
    if (step % ASKED_EVERY === 0) demand(await terraform("plan", "-detailed-exitcode"), 0, told);
  }
}

type Declared = readonly (readonly [Palette, ValueObject])[];

async function nextOf(walks: readonly Walk[]): Promise<Declared> {
  const found: [Palette, ValueObject][] = [];
  for (const walk of walks) found.push([walk.palette, await walk.next()]);
  return found;
}

function configuration(declared: Declared, provider: object): object {
  const resource = declared.map(([{ contract: name }, value]) => {
    const contract = contractOf(name, "resource");
    return [typeName(contract), { it: terraformNames(contract.input, value) }] as const;
  });
  return {
    terraform: { required_providers: { guestkit: { source: SOURCE } } },
    provider: { guestkit: provider },
    resource: Object.fromEntries(resource),
  };
}

interface Outcome {
  readonly code: number | null;
  readonly text: string;
}

function demand({ code, text }: Outcome, wanted: number, told: string): void {
  if (code !== wanted) throw new Error(`${told}\nexit code ${code}\n${text}`);
}

function run(binary: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const child = spawn(binary, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  child.stderr.on("data", (chunk) => (text += chunk));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, text })));
}
