import { dirname } from "node:path";
import { compilePattern, PROFILES, parseRange, RULE_KINDS, type Rule, type RuleSet } from "../../check/index.ts";
import { demand } from "../../engine/apply-error.ts";
import { type Diagnostic, problem } from "../../engine/diagnostic.ts";
import { canonicalFields, normalise } from "../../engine/normalise.ts";
import type { FieldPath } from "../../engine/path.ts";
import { validateFields } from "../../engine/validate.ts";
import { callerFiles } from "../../host/caller-files.ts";
import { readTextFile } from "../../host/text-file.ts";
import { asCallerPath } from "../../kit/caller-path.ts";
import type { Context } from "../../kit/context.ts";
import { asGuestkitError, GuestkitError, systemError } from "../../kit/errors.ts";
import type { Field } from "../../model/contract.ts";
import { contractOf } from "../../model/registry.ts";
import { formatPath, isList, isObject, UNKNOWN, type Value, type ValueObject } from "../../model/value.ts";
import { locate, type ProjectDocument } from "../../project/document.ts";
import { parseYaml } from "../../project/yaml.ts";

const VERSION = 1;
const OF_DECLARATIONS = ["file", "on_failure"];

/** What a file of rules may say beside its version: what a declaration says, without what only that can mean. */
export function ruleFields(): readonly Field[] {
  const field = contractOf("inspection", "query").input.find(({ name }) => name === "checks");
  const fields = field?.type.kind === "object" ? field.type.fields : [];
  return fields.filter(({ name }) => !OF_DECLARATIONS.includes(name));
}

/** What the types of rules cannot say; values may be UNKNOWN, and what is unknown is left alone. */
export function ruleFaults({ rules, waivers }: ValueObject, path: FieldPath = []): readonly Diagnostic[] {
  const named = Object.entries(isObject(rules ?? null) ? (rules as ValueObject) : {});
  return [
    ...named.flatMap(([name, rule]) => (isObject(rule) ? faultsOf(name, rule, [...path, "rules", name]) : [])),
    ...(isList(waivers ?? null) ? (waivers as readonly Value[]) : []).flatMap((each, at) =>
      isObject(each) && typeof each.until === "string" && !isDay(each.until)
        ? [
            problem(
              "E_CHECK_DAY",
              [...path, "waivers", at, "until"],
              `Cannot use the waiver of "${String(each.check)}": "${each.until}" is no day`,
              "Write it as 2027-01-31.",
            ),
          ]
        : [],
    ),
  ];
}

/** Throws the first of them as an error at the field `checks`. */
export function demandRules(declared: ValueObject): void {
  demand(ruleFaults(declared, ["checks"]));
}

/** Also in months that have no such day. */
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function faultsOf(name: string, rule: ValueObject, path: FieldPath): readonly Diagnostic[] {
  if (name.trim() === "")
    return [problem("E_CHECK_NAME", path, "Cannot use a rule without a name: results and waivers say it", "Name it.")];
  const kinds = RULE_KINDS.filter((kind) => (rule[kind] ?? null) !== null);
  if (kinds.length === 0) {
    const help = `Say one of: ${RULE_KINDS.join(", ")}.`;
    return [
      problem("E_CHECK_EMPTY", path, `Cannot use the rule "${name}": it says nothing that could be checked`, help),
    ];
  }
  const { package: ofPackage, file } = rule;
  return [
    ...kinds.flatMap((kind) => presenceFault(rule[kind] ?? null, [...path, kind])),
    ...(isObject(ofPackage ?? null)
      ? textFault((ofPackage as ValueObject).version, [...path, "package", "version"], parseRange)
      : []),
    ...(isObject(file ?? null)
      ? ["matches", "matches_not"].flatMap((each) =>
          textFault((file as ValueObject)[each], [...path, "file", each], compilePattern),
        )
      : []),
  ];
}

const WHICH = ["name", "path", "state"];

/** Of what is absent nothing else can be so, and of what may be there or not, something has to be: what is unknown may be null. */
function presenceFault(of: Value, path: FieldPath): readonly Diagnostic[] {
  const { state = null } = isObject(of) ? of : {};
  const said = Object.entries(isObject(of) ? of : {}).filter(([name, each]) => !WHICH.includes(name) && each !== null);
  const known = said.find(([, each]) => each !== UNKNOWN)?.[0];
  if (state === "absent" && known !== undefined)
    return [
      problem(
        "E_CHECK_ABSENT",
        [...path, known],
        `Cannot use ${formatPath([...path, known])}: what is absent has no ${known}`,
        "Say state: optional.",
      ),
    ];
  if (state !== "optional" || said.length > 0) return [];
  const help = "Say how it has to be where it is there, or that it is present or absent.";
  return [
    problem(
      "E_CHECK_EMPTY",
      [...path, "state"],
      `Cannot use ${formatPath(path)}: what may be there or not is always as it is to be`,
      help,
    ),
  ];
}

/** What `parse` throws of a text, at its field. */
function textFault(text: Value | undefined, path: FieldPath, parse: (text: string) => unknown): readonly Diagnostic[] {
  if (typeof text !== "string") return [];
  try {
    parse(text);
    return [];
  } catch (thrown) {
    const { code, message, help } = asGuestkitError(thrown);
    return [problem(code, path, message, help)];
  }
}

/** A file of rules, its profiles laid out; `place` is where it lies, where that is not by its name. Throws `E_CHECK_FILE`, `E_YAML`, and what is wrong with a field. */
export async function readRuleFile(file: string, place = file): Promise<RuleSet> {
  const document = parseYaml(file, await textOf(file, place));
  const { version, ...given } = isObject(document.value as Value) ? (document.value as ValueObject) : {};
  if (version !== VERSION) {
    throw new GuestkitError("E_CHECK_FILE", `Cannot use the rules in "${file}": its version must be ${VERSION}`, {
      at: { file },
      help: `Start it with: version: ${VERSION}`,
    });
  }
  const [fault] = [...validateFields(ruleFields(), given), ...ruleFaults(given)];
  if (fault) throw placed(fault, document);
  return ruleSetOf(canonicalFields(ruleFields(), normalise(ruleFields(), given), dirname(file)));
}

function placed({ code, message, help, path }: Diagnostic, document: ProjectDocument): GuestkitError {
  const { file } = document;
  const at = locate(document, path);
  const where = `${file}${at ? `:${at.line}:${at.column}` : ""}`;
  return new GuestkitError(code, `${where}: ${message}`, { help, at: { file, field: path } });
}

async function textOf(file: string, place: string): Promise<string> {
  try {
    return await readTextFile(place);
  } catch (cause) {
    const refused = systemError(cause, file);
    if (!refused) throw cause;
    throw new GuestkitError("E_CHECK_FILE", refused.message, {
      cause,
      at: { file },
      help: refused.help,
    });
  }
}

/** Rules in canonical form, those of its profiles below its own. */
export function ruleSetOf({ profiles, rules, waivers }: ValueObject): RuleSet {
  const names = isList(profiles ?? null) ? (profiles as readonly string[]) : [];
  return {
    rules: { ...mergedRules(names.map(profileRules)), ...(rules as unknown as RuleSet["rules"]) },
    waivers: waivers as unknown as RuleSet["waivers"],
  };
}

/** The rules of a profile. Throws `E_CHECK_PROFILE`. */
export function profileRules(name: string): RuleSet["rules"] {
  const found = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  const names = Object.keys(PROFILES).join(", ");
  if (!found) {
    throw new GuestkitError("E_CHECK_PROFILE", `Cannot use the profile "${name}": there is none`, {
      help: `There are: ${names}. A file of rules is named without --profile.`,
    });
  }
  const given = { rules: found } as unknown as ValueObject;
  return canonicalFields(ruleFields(), normalise(ruleFields(), given), "/").rules as unknown as RuleSet["rules"];
}

/** Whatever they are called: `__proto__` is a name as well. */
const mergedRules = (all: readonly RuleSet["rules"][]): Readonly<Record<string, Rule>> =>
  Object.fromEntries(all.flatMap((each) => Object.entries(each)));

/** Several sets as one: of rules with one name the later set's counts, and of waivers of one rule, also where that is over. */
export const mergedSets = (sets: readonly RuleSet[]): RuleSet => ({
  rules: mergedRules(sets.map(({ rules }) => rules)),
  waivers: [...new Map(sets.flatMap(({ waivers }) => waivers).map((each) => [each.check, each])).values()],
});

/** All that a declaration asks for, in canonical form: its file's rules below its own. */
export async function declaredRules(declared: ValueObject, context: Pick<Context, "files"> = {}): Promise<RuleSet> {
  const own = ruleSetOf(declared);
  const { file } = declared;
  if (typeof file !== "string") return own;
  const place = await callerFiles(context).locate(asCallerPath(file));
  return mergedSets([await readRuleFile(file, place), own]);
}
