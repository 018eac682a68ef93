import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../../../core/kit/context.ts";
import type { GuestkitError } from "../../../core/kit/errors.ts";
import { contractOf } from "../../../core/model/registry.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { createEngine } from "../../../core/resource/index.ts";
import { run, scratch } from "../../support/run.ts";

export const MIB = 2 ** 20;
export const contract = contractOf("disk_image");

/** A folder, an engine with its own caches, and short words for what the tests do. */
export async function workbench(name: string) {
  const dir = await scratch(name);
  const at = (path: string) => join(dir, path);
  const settings = { dataDir: at("data"), cacheDir: at("cache"), runtimeDir: at("run"), mirror: null };
  const engine = createEngine({ settings, baseDir: dir });
  const prepare = (config: ValueObject) => engine.prepare(contract, config);
  const apply = async (
    config: ValueObject,
    options: { progress?: (event: Progress) => void; signal?: AbortSignal } = {},
  ) => {
    const { plan } = await prepare(config);
    const [first] = plan.diagnostics.filter((each) => each.severity === "error");
    if (first) throw Object.assign(new Error(first.message), { code: first.code, path: first.path });
    return { plan, state: await engine.apply(contract, plan, config, options) };
  };
  const destroy = async (config: ValueObject) => {
    const prior = await engine.observe(contract, config);
    const plan = await engine.plan(contract, prior, null);
    const against = await engine.preflight(contract, plan, null);
    if (against[0]) throw Object.assign(new Error(against[0].message), { code: against[0].code });
    await engine.apply(contract, plan, null);
  };
  return {
    dir,
    at,
    engine,
    settings,
    prepare,
    apply,
    destroy,
    observe: (config: ValueObject) => engine.observe(contract, config),
  };
}

/** What lies in a folder beside what is named: partials, locks, redo logs. */
export async function leftovers(dir: string): Promise<readonly string[]> {
  return (await readdir(dir)).filter((name) => /guestkit-(partial|redo|lock)/.test(name));
}

export async function sfdisk(
  image: string,
): Promise<readonly { start: number; size: number; type: string; name?: string }[]> {
  const { partitiontable } = JSON.parse(await run("sfdisk", ["-J", image])) as {
    partitiontable: { partitions: { start: number; size: number; type: string; name?: string }[] };
  };
  return partitiontable.partitions;
}

/** The image as raw bytes, by QEMU itself. */
export async function toRaw(image: string, raw: string): Promise<string> {
  await run("qemu-img", ["convert", "-O", "raw", image, raw]);
  return raw;
}

/** One partition of a raw disk in a file of its own. */
export async function partitionOf(raw: string, index: number, target: string): Promise<string> {
  const found = (await sfdisk(raw))[index];
  if (!found) throw new Error(`no partition ${index} in ${raw}`);
  await run("dd", [
    `if=${raw}`,
    `of=${target}`,
    "bs=512",
    `skip=${found.start}`,
    `count=${found.size}`,
    "conv=sparse",
    "status=none",
  ]);
  return target;
}

export async function virtualSize(image: string): Promise<number> {
  const info = JSON.parse(await run("qemu-img", ["info", "--output=json", image])) as { "virtual-size": number };
  return info["virtual-size"];
}

/** The code of what a promise is rejected with. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: GuestkitError) => error.code ?? String(error),
  );
}

export async function debugfs(file: string, request: string, write = false): Promise<string> {
  return run("debugfs", [...(write ? ["-w"] : []), "-R", request, file]);
}
