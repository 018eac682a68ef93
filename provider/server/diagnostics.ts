import type { Diagnostic as EngineDiagnostic } from "@guestkit/core/engine";
import { asGuestkitError } from "@guestkit/core/kit";
import { type Contract, formatPath } from "@guestkit/core/model";
import { type Diagnostic, DiagnosticSeverity } from "../generated/protocol.ts";
import { typeName } from "../schema/names.ts";
import { diagnosticPath } from "../schema/path.ts";

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((each) => each.severity === DiagnosticSeverity.ERROR);
}

/** What the engine has to say, as Terraform shows it: the fault as headline, what helps below. */
export function toDiagnostics(contract: Contract, found: readonly EngineDiagnostic[]): Diagnostic[] {
  return found.map(({ severity, message, help, path, code }) => {
    const attribute = diagnosticPath(contract, path);
    return {
      severity: severity === "error" ? DiagnosticSeverity.ERROR : DiagnosticSeverity.WARNING,
      ...text(message, [path.length > 0 && `At ${formatPath(path)}${blockOf(contract)}.`, help, `(${code})`]),
      ...(attribute && { attribute }),
    };
  });
}

/** Of an ephemeral resource Terraform names neither block nor line where it validates while it plans. */
const blockOf = (contract: Contract) => (contract.kind === "secret" ? ` of ephemeral.${typeName(contract)}` : "");

/** Anything thrown, as an error at its field where it names one. */
export function errorDiagnostic(contract: Contract | undefined, thrown: unknown): Diagnostic {
  const { message, help, at, code, cause } = asGuestkitError(thrown);
  const attribute = contract && at?.field && diagnosticPath(contract, at.field);
  const offset = at?.offset === undefined ? "" : `, byte ${at.offset}`;
  return {
    severity: DiagnosticSeverity.ERROR,
    ...text(message, [
      cause instanceof Error && !isTold(code) && `Cause: ${cause.message}`,
      at?.file && !message.includes(at.file) && `In ${at.file}${offset}.`,
      help,
      `(${code})`,
    ]),
    ...(attribute && { attribute }),
  };
}

/** What the system refused is the message itself, in words; its own may have the name of a partial. */
const isTold = (code: string) => code.startsWith("E_SYSTEM_");

/** `Cannot do X: Y` has its headline before the colon. */
function text(message: string, lines: readonly (string | false | undefined)[]): Pick<Diagnostic, "summary" | "detail"> {
  const [head = message, ...rest] = message.split(/: (?=\S)/);
  const summary = head.includes(" ") ? head : message;
  const reason = head.includes(" ") ? rest.join(": ") : "";
  return { summary, detail: [reason && sentence(reason), ...lines].filter(Boolean).join("\n") };
}

/** A plain word gets its capital; a field's or a file's name stays as it is. */
function sentence(text: string): string {
  const start = /^[a-z]+(?=[ ,])/.test(text) ? `${text[0]?.toUpperCase()}${text.slice(1)}` : text;
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
