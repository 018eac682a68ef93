import { randomBytes } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../kit/context.ts";
import { log } from "../../kit/log.ts";
import { isAlive, ownOwner } from "../owner.ts";
import type { Namespace } from "./namespace.ts";

/** A work folder whose files may belong to ids that only the namespace can remove. */
export interface Workspace extends AsyncDisposable {
  readonly path: string;
}

/** Makes a work folder in the cache, after removing those whose process is gone. */
export async function openWorkspace(namespace: Namespace, context: Context): Promise<Workspace> {
  const root = join(context.settings.cacheDir, "tmp");
  await mkdir(root, { recursive: true });
  await sweep(namespace, root);
  const { pid, tag } = ownOwner();
  const path = join(root, `bootstrap-${pid}-${tag}${randomBytes(4).toString("hex")}`);
  await mkdir(path, { mode: 0o755 });
  return { path, [Symbol.asyncDispose]: () => remove(namespace, [path]) };
}

async function sweep(namespace: Namespace, root: string): Promise<void> {
  const stale = (await readdir(root)).filter(isStale).map((name) => join(root, name));
  if (stale.length === 0) return;
  log("info", "removing what a stopped bootstrap left", { stale });
  await remove(namespace, stale);
}

function isStale(name: string): boolean {
  const match = /^bootstrap-(\d+)-([0-9a-f]{8})?[0-9a-f]{8}$/.exec(name);
  return match !== null && !isAlive({ pid: Number(match[1]), tag: match[2] ?? "" });
}

/** Without the operation's signal: an interrupted one cleans up as well. */
async function remove(namespace: Namespace, paths: readonly string[]): Promise<void> {
  await namespace.run("rm", ["-rf", "--one-file-system", "--", ...paths], { doing: "remove a work folder" });
}
