export { type ApplyCall, type ApplyOutcome, applyProject, applyRemovals, lockProject } from "./apply.ts";
export { locate, type Position, type ProjectDocument } from "./document.ts";
export { hasChanges, type ProjectChange, type ProjectPlan, planDestroy, planProject } from "./plan.ts";
export { documentOf, shown } from "./plan-document.ts";
export { type Entry, type Project, readProject } from "./project.ts";
export { checkFresh, loadPlan, savePlan } from "./saved-plan.ts";
export { type Owned, OwnedThings } from "./state.ts";
export { validateProject } from "./validate.ts";
export { loadProject, parseYaml } from "./yaml.ts";
