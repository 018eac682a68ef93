import { join } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { GuestkitError, type Place } from "../../kit/errors.ts";
import { formatPath } from "../../model/value.ts";
import { type ApplyCall, applyProject } from "../../project/apply.ts";
import { locate } from "../../project/document.ts";
import { isChange, type ProjectPlan, planProject } from "../../project/plan.ts";
import type { Project } from "../../project/project.ts";
import { OwnedThings } from "../../project/state.ts";
import { loadProject } from "../../project/yaml.ts";

/** The checked-out project file, and what works for it. */
export interface OpenProject {
  readonly file: string;
  readonly project: Project;
  readonly engine: Engine;
  readonly owned: OwnedThings;
}

export async function openProject(
  work: string,
  path: string,
  engineFor: (baseDir: string) => Engine,
): Promise<OpenProject> {
  const file = join(work, path);
  const project = await loadProject(file);
  return { file, project, engine: engineFor(project.baseDir), owned: await OwnedThings.load(project) };
}

/** The plan of what was checked out. Throws the first of its errors, with its place. */
export async function planOpen({ project, engine, owned }: OpenProject, signal: AbortSignal): Promise<ProjectPlan> {
  const plan = await planProject(project, { engine, owned, signal });
  const error = plan.diagnostics.find((each) => each.severity === "error");
  if (!error) return plan;
  const position = locate(project.document, error.path);
  const place = position ? `:${position.line}:${position.column}` : "";
  const at: Place = { file: project.document.file, field: error.path };
  throw new GuestkitError(error.code, `${project.document.file}${place}: ${error.message}`, { help: error.help, at });
}

/** A line for each change and each of its reasons; values stay out of logs. */
export function describeChanges({ changes, diagnostics }: ProjectPlan): string {
  const lines = changes
    .filter(isChange)
    .flatMap(({ address, action, reasons, movedFrom }) => [
      movedFrom === undefined ? `${action} ${address}` : `${action} ${address}, which was ${movedFrom}`,
      ...reasons.map(({ path, why }) => `  ${formatPath(path) || address}: ${why}`),
    ]);
  return [...lines, ...diagnostics.map((each) => `${each.severity}: ${each.message}`)].join("\n");
}

/** Carries the plan out. Throws `E_CI_APPLY` with everything that failed. */
export async function applyOpen(
  { project, engine, owned }: OpenProject,
  plan: ProjectPlan,
  call: Pick<ApplyCall, "signal" | "progressFor" | "onDone">,
): Promise<void> {
  const { failures } = await applyProject(project, plan, { ...call, engine, owned });
  if (failures.size === 0) return;
  const [first] = failures.values();
  const message = [...failures].map(([address, error]) => `${address}: ${error.message}`).join("\n");
  throw new GuestkitError("E_CI_APPLY", message, { cause: first, help: first?.help });
}

/** A machine that the project declares. */
export interface DeclaredMachine {
  readonly address: string;
  readonly name: string;
  /** The project made it, or it was imported; otherwise a machine of that name may be somebody else's. */
  readonly isOwned: boolean;
}

export function machinesOf({ project, owned }: OpenProject): readonly DeclaredMachine[] {
  const machines = [...project.entries.values()].filter(({ contract }) => contract.name === "virtual_machine");
  return machines.flatMap(({ address, config }) => {
    const id = owned.all.find((each) => each.address === address)?.id;
    const name = id ?? config.name;
    return typeof name === "string" ? [{ address, name, isOwned: id !== undefined }] : [];
  });
}

/** Whether an apply has just made the thing of an address, which is provisioned thereby. */
export function wasMade(
  address: string,
  changes: readonly { readonly address: string; readonly action: string }[],
): boolean {
  return changes.some((each) => each.address === address && (each.action === "create" || each.action === "replace"));
}
