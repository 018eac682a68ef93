import { type Diagnostic, problem, warning } from "../engine/diagnostic.ts";
import type { Goes } from "../engine/implementation.ts";
import type { FieldPath } from "../engine/path.ts";
import type { Context, Settings } from "../kit/context.ts";
import { printable } from "../kit/name.ts";
import { effectiveMachine, type FindMachine, recorded } from "../machine/disks/effective.ts";
import { asMachine, type Machine, type Verdict } from "../machine/machine.ts";
import { isObject, type Value } from "../model/value.ts";
import type { Fault, Finding, Rule } from "./rule.ts";
import { rules } from "./rules/index.ts";
import { makeSubject, type Subject } from "./subject.ts";
import { type DeclaredThings, lookAround } from "./world.ts";

export interface CheckOptions {
  /** What the same apply is going to make, by contract and id. */
  readonly declared: DeclaredThings;
  readonly goes?: Goes;
}

/**
 * Everything that will keep a machine from coming up, as far as its declaration and its images tell. Values of the
 * declaration may be UNKNOWN: rules that would ask for them stay silent, as they do about what cannot be read.
 */
export async function checkMachine(
  machine: Machine,
  context: Context,
  options: CheckOptions = { declared: () => null },
): Promise<readonly Finding[]> {
  if (isOff(machine)) return [];
  const effective = await effectiveMachine(machine, context.settings, planned(options.declared, context.settings));
  const world = await lookAround(effective, context, options);
  return judge(makeSubject(effective, world)).map((each) => ({ ...each, path: declaredPath(each.path, machine) }));
}

/** Machines as the same apply is going to make them, else as they were made. */
export function planned(declared: DeclaredThings, settings: Settings): FindMachine {
  const known = recorded(settings);
  return async (name) => {
    const found = declared("virtual_machine", name);
    return found ? asMachine(found) : await known(name);
  };
}

/** A disk of the template is none of the declaration's own. */
function declaredPath(path: FieldPath, { disks, base }: Machine): FieldPath {
  const [field, key] = path;
  if (field !== "disks" || key === undefined || !isObject(disks as unknown as Value) || key in disks) return path;
  return [base === null ? "template_vm" : "base"];
}

/** Nothing is asked for, so nothing is looked at. */
function isOff({ preflight, preflight_rules }: Machine): boolean {
  return preflight === "off" && Object.values(preflight_rules ?? {}).every((each) => each === "off");
}

/** Every rule over one subject. */
export function judge(subject: Subject): readonly Finding[] {
  return rules.flatMap((rule) => rule.check(subject).flatMap((fault) => weigh(rule, fault, subject.machine)));
}

/** What preflight_rules say of a rule stands above what preflight says of all. What is not to run fails at nothing yet. */
function weigh(rule: Rule, fault: Fault, machine: Machine): readonly Finding[] {
  const own: Verdict | undefined = machine.preflight_rules?.[rule.code];
  const all = machine.preflight ?? "error";
  if ((own ?? all) === "off") return [];
  const usual = fault.severity ?? rule.severity;
  const mild = (own ?? all) === "warn" || machine.running === false;
  const severity = own === "error" ? "error" : mild ? "warning" : usual;
  const { path, help = rule.help } = fault;
  // Names inside an image may hold anything, and are shown on terminals.
  return [{ code: rule.code, severity, message: printable(fault.message), path, help }];
}

/** The same for a plan. */
export function toDiagnostics(findings: readonly Finding[]): readonly Diagnostic[] {
  return findings.map(({ code, severity, message, path, help }) =>
    severity === "error" ? problem(code, path, message, help) : warning(code, path, message, help),
  );
}

/** Codes that preflight_rules may name. */
export const knownRules = (): readonly string[] => rules.map(({ code }) => code);
