import type { FieldPath } from "./path.ts";

/** Something to tell about a declaration. Errors stop the plan, warnings do not. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** Stable, as in errors. */
  readonly code: string;
  readonly message: string;
  readonly help?: string | undefined;
  /** The field concerned; empty for the whole declaration. */
  readonly path: FieldPath;
}

export const problem = (code: string, path: FieldPath, message: string, help?: string): Diagnostic => ({
  severity: "error",
  code,
  path,
  message,
  help,
});

export const warning = (code: string, path: FieldPath, message: string, help?: string): Diagnostic => ({
  ...problem(code, path, message, help),
  severity: "warning",
});

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((each) => each.severity === "error");
}
