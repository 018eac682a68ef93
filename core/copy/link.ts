import type { Binary } from "../archive/index.ts";

/**
 * The target to give a link so that it cannot lead out of the copied folder; null where it would. `folder` is the
 * link's folder below the copy's root and `root` the copied folder's path in the guest, both raw and without a slash
 * at their ends. Absolute targets below `root` become relative. `..` is allowed at the start alone: there it climbs
 * folders that are real, after a name it could climb through another link.
 */
export function safeTarget(target: Binary, folder: Binary, root: Binary): Binary | null {
  const inside = target.startsWith("/") ? relativeTo(target, folder, root) : target;
  if (inside === null) return null;
  const steps = inside.split("/").filter((step) => step !== "" && step !== ".");
  const climbs = steps.findIndex((step) => step !== "..");
  const ups = climbs < 0 ? steps.length : climbs;
  if (steps.slice(ups).includes("..")) return null;
  return ups <= depth(folder) ? inside : null;
}

function relativeTo(target: Binary, folder: Binary, root: Binary): Binary | null {
  if (target !== root && !target.startsWith(`${root}/`)) return null;
  const rest = target.slice(root.length).replace(/^\/+/, "");
  return `${"../".repeat(depth(folder))}${rest}` || ".";
}

function depth(folder: Binary): number {
  return folder === "" ? 0 : folder.split("/").length;
}
