import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readKeptText } from "../../host/plain-file.ts";
import { writeCache } from "../../host/whole-file.ts";
import { isObject } from "../wire/json-stream.ts";
import type { Verdict } from "./verdict.ts";

/** Raise it when the probe changes. */
const FORMAT = 1;

/** Where the verdict on a QEMU binary is kept while this boot lasts; null on a system that does not name its boots. */
export async function verdictFile(cacheDir: string, qemu: string): Promise<string | null> {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => null);
  if (boot === null) return null;
  const { mtimeMs, size } = await stat(qemu);
  const key = JSON.stringify([FORMAT, boot.trim(), qemu, mtimeMs, size]);
  const name = createHash("sha256").update(key).digest("hex").slice(0, 16);
  return join(cacheDir, "accelerator", `${name}.json`);
}

export async function readVerdict(file: string): Promise<Verdict | null> {
  try {
    const found: unknown = JSON.parse((await readKeptText(file)) ?? "null");
    if (!isObject(found) || typeof found.reason !== "string") return null;
    const { accelerator, reason, help = null } = found;
    if (accelerator !== "kvm" && accelerator !== "hvf" && accelerator !== "tcg") return null;
    return { accelerator, reason, help: help === null ? null : String(help) };
  } catch {
    return null;
  }
}

export async function keepVerdict(file: string, verdict: Verdict): Promise<void> {
  await writeCache(file, JSON.stringify(verdict));
}
