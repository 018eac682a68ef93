import { relative } from "node:path";
import type { Diagnostic } from "@guestkit/core/engine";
import { GuestkitError, withoutSecrets } from "@guestkit/core/kit";
import { formatPath, UNKNOWN, type Value, type ValueObject } from "@guestkit/core/model";
import { locate, type Project, type ProjectChange, type ProjectPlan, shown } from "@guestkit/core/project";
import { shown as safe } from "../output/table.ts";

const MARKS = { create: "+", update: "~", replace: "-/+", delete: "-", none: " " } as const;
const WORDS = {
  create: "will be created",
  update: "will be updated in place",
  replace: "will be replaced",
  delete: "will be destroyed",
  none: "stays",
} as const;

/** A plan for people. */
export function describePlan(plan: ProjectPlan): string {
  const changes = plan.changes.filter((each) => each.action !== "none");
  if (changes.length === 0) return "No changes: everything is as declared.\n";
  const count = (action: ProjectChange["action"]) => changes.filter((each) => each.action === action).length;
  const summary = (["create", "update", "replace", "delete"] as const)
    .filter((action) => count(action) > 0)
    .map((action) => `${count(action)} to ${action === "delete" ? "destroy" : action}`)
    .join(", ");
  return `${changes.map(describeChange).join("\n")}\nPlan: ${summary}.\n`;
}

function describeChange({ address, action, reasons }: ProjectChange): string {
  const lines = reasons.map(({ path, before, after, why }) => {
    const field = formatPath(path);
    return field === "" ? `    ${safe(why)}` : `    ${field}: ${value(before)} -> ${value(after)}  (${safe(why)})`;
  });
  return [`${MARKS[action]} ${address} ${WORDS[action]}`, ...lines].map((line) => `${line}\n`).join("");
}

function value(of: Value): string {
  if (of === UNKNOWN) return "(known after apply)";
  const text = JSON.stringify(shown(of));
  return safe(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}

export function describeOutputs(outputs: ValueObject): string {
  const entries = Object.entries(outputs);
  if (entries.length === 0) return "";
  return `Outputs:\n${entries.map(([name, each]) => `  ${name} = ${value(each)}\n`).join("")}`;
}

/** `guestkit.yaml:5:7: error: Cannot ...`, and what helps. */
export function describeDiagnostic(project: Project | null, each: Diagnostic): string {
  const place = project ? `${placeOf(project, each)}: ` : "";
  const help = each.help ? `\n  ${safe(withoutSecrets(each.help))}` : "";
  return `${place}${each.severity}: ${safe(withoutSecrets(each.message))}${help}\n`;
}

function placeOf(project: Project, { path }: Diagnostic): string {
  const file = relative(process.cwd(), project.document.file) || project.document.file;
  const at = locate(project.document, path);
  return at ? `${file}:${at.line}:${at.column}` : file;
}

/** A diagnostic as data. */
export function diagnosticDocument(project: Project | null, each: Diagnostic): object {
  const at = project && locate(project.document, each.path);
  const { severity, code, path } = each;
  const [message, help] = [withoutSecrets(each.message), each.help === undefined ? null : withoutSecrets(each.help)];
  return { severity, code, message, help, path: formatPath(path), line: at?.line ?? null, column: at?.column ?? null };
}

/** The first error as what the command fails with; the place is in its message. */
export function refusal(project: Project | null, diagnostics: readonly Diagnostic[]): GuestkitError | null {
  const first = diagnostics.find((each) => each.severity === "error");
  if (!first) return null;
  const place = project ? `${placeOf(project, first)}: ` : "";
  const at = { ...(project && { file: project.document.file }), field: first.path };
  return new GuestkitError(first.code, `${place}${first.message}`, { help: first.help, at });
}
