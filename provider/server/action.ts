import { type Progress, printableLines, withoutSecrets } from "@guestkit/core/kit";
import { type Contract, hasFailed, type Value, type ValueObject } from "@guestkit/core/model";
import {
  type Diagnostic,
  DiagnosticSeverity,
  type InvokeActionEvent,
  type InvokeActionRequest,
} from "../generated/protocol.ts";
import { typeName } from "../schema/names.ts";
import { actions } from "../schema/schema.ts";
import { configFromTerraform } from "../schema/value.ts";
import { errorDiagnostic } from "./diagnostics.ts";
import { readDynamic } from "./dynamic.ts";
import type { Session } from "./session.ts";
import { told } from "./told.ts";
import { unknownType } from "./unknown-type.ts";

/**
 * Does it, and tells how it goes. It ends with its verdict, of whatever kind: a call that failed would tell nothing.
 */
export async function* invokeAction(
  session: Session,
  request: InvokeActionRequest,
  signal: AbortSignal,
): AsyncGenerator<InvokeActionEvent> {
  const contract = actions.get(request.action_type ?? "");
  try {
    if (!contract) throw unknownType(request.action_type);
    const diagnostics = yield* perform(session, contract, request, signal);
    yield { completed: { diagnostics } };
  } catch (error) {
    yield { completed: { diagnostics: [errorDiagnostic(contract, error)] } };
  }
}

async function* perform(
  session: Session,
  contract: Contract,
  { config }: InvokeActionRequest,
  signal: AbortSignal,
): AsyncGenerator<InvokeActionEvent, readonly Diagnostic[]> {
  const given = configFromTerraform(contract, readDynamic(config)) ?? {};
  const engine = await session.engine();
  const running = told((tell) =>
    session.run(contract.name, signal, ({ progress, ...options }) => {
      const both = (event: Progress) => {
        progress?.(event);
        tell(event);
      };
      return engine.action(contract, given, { ...options, progress: both });
    }),
  );
  let next = await running.next();
  for (; !next.done; next = await running.next()) yield { progress: { message: next.value } };
  const { output } = next.value;
  const answer = answerText(contract, output);
  if (hasFailed(output)) return [failed(contract, answer)];
  if (answer !== "") yield { progress: { message: answer } };
  return [];
}

/** Characters of one output that are shown: the last ones, where commands say what became of them. */
const MOST = 4096;

/** What came of it, a line a field: no configuration can use it, and people can. */
function answerText({ output }: Contract, answer: ValueObject): string {
  const lines = output
    .filter(({ sensitive }) => !sensitive)
    .map(({ name }) => [name, text(answer[name] ?? null)] as const)
    .filter(([, value]) => value !== "");
  return lines.map(([name, value]) => `${name}: ${value.includes("\n") ? "\n" : ""}${value}`).join("\n");
}

function text(value: Value): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return "";
  const whole = withoutSecrets(typeof value === "string" ? value.trimEnd() : JSON.stringify(value));
  return printableLines(whole.length <= MOST ? whole : `...${whole.slice(-MOST)}`);
}

function failed(contract: Contract, answer: string): Diagnostic {
  return {
    severity: DiagnosticSeverity.ERROR,
    summary: `Cannot finish ${typeName(contract)}: it was done, and did not go well`,
    detail: `${answer}\n(E_ACTION_FAILED)`,
  };
}
