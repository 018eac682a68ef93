import { demand } from "../engine/apply-error.ts";
import { isObject, type ValueObject } from "../model/value.ts";
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
  return all.find((entry) => isIt(told(values, entry))) ?? null;
}

/** A reference that cannot be resolved here names nothing. */
function told(values: Values, entry: Entry): ValueObject {
  try {
    const config = values.config(entry);
    return isObject(config) ? config : {};
  } catch {
    return {};
  }
}

/** What one address needs of a project, itself included. What else the file has, or had, is left alone. */
export function partOf(project: Project, address: string): Project {
  const wanted = new Set<string>();
  const add = (each: string) => {
    if (wanted.has(each)) return;
    wanted.add(each);
    for (const need of project.entries.get(each)?.needs ?? []) add(need);
  };
  add(address);
  const entries = new Map([...project.entries].filter(([each]) => wanted.has(each)));
  return { ...project, entries, outputs: {}, isPart: true };
}

/** Plans and applies a part. Throws the first fault of the plan, or the first failure. */
export async function applyPart(project: Project, address: string, call: ApplyCall): Promise<void> {
  const part = partOf(project, address);
  const plan = await planProject(part, call);
  demand(plan.diagnostics);
  const { failures } = await applyProject(part, plan, call);
  for (const [, error] of failures) throw error;
}
