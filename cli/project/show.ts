import { relative } from "node:path";
import type { Diagnostic } from "@guestkit/core/engine";
import { GuestkitError, withoutSecrets } from "@guestkit/core/kit";
import { formatPath, UNKNOWN, type Value, type ValueObject } from "@guestkit/core/model";
import { locate, type Project, shown } from "@guestkit/core/project";
import { shown as safe } from "../output/table.ts";

/** Longest value on a terminal; elsewhere nothing is cut. */
const WIDTH = 60;

/** A line for each; `indent` stands before it. */
export function describeOutputs(outputs: ValueObject, indent = "  "): string {
  return Object.entries(outputs)
    .map(([name, each]) => `${indent}${safe(name)} = ${cut(describeValue(each))}\n`)
    .join("");
}

/** A value in one line, whole. */
export function describeValue(value: Value): string {
  return value === UNKNOWN ? "(known after apply)" : safe(JSON.stringify(shown(value)));
}

const cut = (text: string): string =>
  process.stdout.isTTY && text.length > WIDTH ? `${text.slice(0, WIDTH - 3)}...` : text;

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
