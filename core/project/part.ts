import { demand } from "../engine/apply-error.ts";
import type { ValueObject } from "../model/value.ts";
import { type ApplyCall, applyProject } from "./apply.ts";
import { planProject } from "./plan.ts";
import type { Entry, Project } from "./project.ts";
import { Values } from "./values.ts";

/**
 * The first resource of a contract whose identity is `id`, as far as the file and the environment alone tell it; null
 * where none is.
 */
export function findEntry(project: Project, contract: string, isIt: (config: ValueObject) => boolean): Entry | null {
  const values = new Values(project);
  const all = [...project.entries.values()].filter((entry) => entry.contract.name === contract);
  return all.find((entry) => isIt(values.told(entry))) ?? null;
}

/** What some addresses need of a project, themselves included. What else the file has, or had, is left alone. */
export function partOf(project: Project, addresses: readonly string[]): Project {
  const wanted = new Set<string>();
  const add = (each: string) => {
    if (wanted.has(each)) return;
    wanted.add(each);
    for (const need of project.entries.get(each)?.needs ?? []) add(need);
  };
  addresses.forEach(add);
  const entries = new Map([...project.entries].filter(([each]) => wanted.has(each)));
  return { ...project, entries, outputs: {}, whole: project.whole ?? project };
}

/** Plans and applies a part. Throws the first fault of the plan, or the first failure. */
export async function applyPart(project: Project, address: string, call: ApplyCall): Promise<void> {
  const part = partOf(project, [address]);
  const plan = await planProject(part, call);
  demand(plan.diagnostics);
  const { failures } = await applyProject(part, plan, call);
  for (const [, error] of failures) throw error;
}
