import { randomBytes } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { makeOwnFolder } from "../../host/folder.ts";
import { isGone, ownOwner } from "../../host/owner.ts";
import type { Context } from "../../kit/context.ts";
import { log } from "../../kit/log.ts";
import type { Namespace } from "./namespace.ts";

const FLAGS = ["-rf", "--one-file-system", "--"];
const PATIENCE_MS = 1500;

/** A work folder whose files may belong to ids that only the namespace can remove. */
export interface Workspace extends AsyncDisposable {
  readonly path: string;
}

/** Makes a work folder in the cache, after removing those whose process is gone. */
export async function openWorkspace(namespace: Namespace, context: Context): Promise<Workspace> {
  const root = join(context.settings.cacheDir, "tmp");
  await makeOwnFolder(root);
  await sweep(namespace, root, context.signal);
  const { pid, tag } = ownOwner();
  const path = join(root, `bootstrap-${pid}-${tag}${randomBytes(4).toString("hex")}`);
  await mkdir(path, { mode: 0o755 });
  return { path, [Symbol.asyncDispose]: () => remove(namespace, path, context.signal) };
}

async function sweep(namespace: Namespace, root: string, signal: AbortSignal): Promise<void> {
  const stale = (await readdir(root)).filter(isStale).map((name) => join(root, name));
  if (stale.length === 0) return;
  log("info", "removing what a stopped bootstrap left", { stale });
  await namespace.run("rm", [...FLAGS, ...stale], { signal, doing: "remove a work folder" });
}

function isStale(name: string): boolean {
  const match = /^bootstrap-(\d+)-((?:[0-9a-f]{8}){0,2})[0-9a-f]{8}$/.exec(name);
  return match !== null && isGone({ pid: Number(match[1]), tag: match[2] ?? "" });
}

/**
 * Whoever interrupts wants us gone: a busy disk that takes longer over ten thousand files does so without us. What is not
 * removed even so, the next bootstrap removes.
 */
async function remove(namespace: Namespace, path: string, signal: AbortSignal): Promise<void> {
  const child = namespace.detach("rm", [...FLAGS, path]);
  const closed = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", (error) => {
      log("warn", "a work folder is left", { path, error: error.message });
      resolve();
    });
  });
  await (signal.aborted ? Promise.race([closed, setTimeout(PATIENCE_MS)]) : closed);
  child.unref();
}
