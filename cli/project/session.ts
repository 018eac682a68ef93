import type { Diagnostic } from "@guestkit/core/engine";
import {
  type ApplyCall,
  type GivenOptions,
  loadProject,
  OwnedThings,
  type Project,
  type ProjectPlan,
  planDestroy,
  planProject,
  projectKeys,
  sitesOf,
} from "@guestkit/core/project";
import { createEngine } from "@guestkit/core/resource";
import type { Invocation } from "../command/command.ts";
import { projectFile } from "./load.ts";
import { describeDiagnostic, refusal } from "./show.ts";

/** A project file, what it owns, and the engine that works for it. */
export interface Session {
  readonly file: string;
  readonly project: Project;
  readonly call: ApplyCall;
}

/** With `kept`, what a saved plan has of the variables. */
export async function openSession(
  invocation: Invocation,
  file = projectFile(invocation),
  kept: GivenOptions["kept"] = undefined,
): Promise<Session> {
  const { var: words = [], "var-file": files = [] } = invocation.lists;
  const project = await loadProject(file, { words, files, ...(kept && { kept }) });
  const settings = { keys: projectKeys(project) };
  const engine = createEngine({ baseDir: project.baseDir, settings });
  const { signal } = invocation;
  const siteFor = sitesOf(project, async ({ address, remoteInstall }) => {
    const { openEngine } = await import("@guestkit/core/remote");
    const there = await openEngine({ host: address, remoteInstall, settings, signal, callerDir: project.baseDir });
    return { engine: there, machineId: there.machine.id };
  });
  return { file, project, call: { engine, siteFor, owned: await OwnedThings.load(project), signal } };
}

/** The plan, its warnings shown. Throws where an error forbids it. */
export async function makePlan({ project, call }: Session, destroy: boolean, json: boolean): Promise<ProjectPlan> {
  const plan = destroy ? await planDestroy(call) : await planProject(project, call);
  tell(project, plan.diagnostics, json);
  const refused = refusal(project, plan.diagnostics);
  if (refused) throw refused;
  return plan;
}

/** Warnings, and all errors but the first, which the command itself fails with. */
function tell(project: Project, diagnostics: readonly Diagnostic[], json: boolean): void {
  if (json) return;
  const first = diagnostics.find((each) => each.severity === "error");
  for (const each of diagnostics) if (each !== first) process.stderr.write(describeDiagnostic(project, each));
}
