import { type Reason, typeAt } from "@guestkit/core/engine";
import { withoutSecrets } from "@guestkit/core/kit";
import { contractOf, type FieldType, formatPath, isList, type Value } from "@guestkit/core/model";
import { isChange, type ProjectChange, type ProjectPlan } from "@guestkit/core/project";
import { type Colour, coloured } from "../output/colour.ts";
import { shown as safe } from "../output/table.ts";
import { inBlock, inLine, isBlock } from "./value-text.ts";

interface Look {
  readonly mark: string;
  readonly words: string;
  readonly colour: Colour | null;
}

const LOOKS: Readonly<Record<ProjectChange["action"], Look>> = {
  create: { mark: "+", words: "will be created", colour: "green" },
  update: { mark: "~", words: "will be updated in place", colour: "yellow" },
  replace: { mark: "-/+", words: "will be replaced", colour: "magenta" },
  delete: { mark: "-", words: "will be destroyed", colour: "red" },
  none: { mark: " ", words: "stays", colour: null },
};

/** A plan for people. */
export function describePlan(plan: ProjectPlan): string {
  const changes = plan.changes.filter(isChange);
  if (changes.length === 0) return "No changes: everything is as declared.\n";
  const count = (action: ProjectChange["action"]) => changes.filter((each) => each.action === action).length;
  const counts = (["create", "update", "replace", "delete"] as const)
    .filter((action) => count(action) > 0)
    .map((action) => coloured(LOOKS[action].colour, `${count(action)} to ${action === "delete" ? "destroy" : action}`));
  const moves = changes.filter(({ movedFrom }) => movedFrom !== undefined).length;
  const summary = [...counts, ...(moves > 0 ? [`${moves} to move`] : [])].join(", ");
  return `${changes.map(describeChange).join("\n")}\nPlan: ${summary}.\n`;
}

function describeChange(change: ProjectChange): string {
  const { address, host, action, reasons, declared, movedFrom } = change;
  const { mark, words, colour } = LOOKS[action];
  const { input } = contractOf(address.split(".")[0] ?? "", "resource");
  const lines =
    action === "create" && declared
      ? inBlock(declared, { kind: "object", fields: input })
      : reasons.flatMap((each) => describeReason(each, typeOf(input, each)));
  const moved = movedFrom === undefined ? [] : [`it was ${safe(movedFrom)}`];
  return [
    coloured(colour, `${mark} ${safe(address)}${host === null ? "" : ` on ${host}`} ${words}`),
    ...[...moved, ...lines].map((line) => `    ${line}`),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function typeOf(input: Parameters<typeof typeAt>[0], { path }: Reason): FieldType | undefined {
  return path.length > 0 ? typeAt(input, path) : undefined;
}

/** `memory: 512M -> 768M  (why)`; what is no single value, line by line. */
function describeReason({ path, before, after, why }: Reason, type: FieldType | undefined): string[] {
  const reason = safe(withoutSecrets(why));
  if (path.length === 0) return [reason];
  const field = safe(formatPath(path));
  if (!isBlock(before) && !isBlock(after)) {
    return [`${field}: ${inLine(before, type, after)} -> ${inLine(after, type, before)}  (${reason})`];
  }
  return [`${field}:  (${reason})`, ...removedAndAdded(before, after, type).map((line) => `  ${line}`)];
}

function removedAndAdded(before: Value, after: Value, type: FieldType | undefined): string[] {
  return [
    ...linesOf(without(before, after), type).map((line) => coloured("red", `- ${line}`)),
    ...linesOf(without(after, before), type).map((line) => coloured("green", `+ ${line}`)),
  ];
}

const linesOf = (value: Value, type: FieldType | undefined): string[] => (value === null ? [] : inBlock(value, type));

/** Of a list, the elements that the other one has not. */
function without(value: Value, other: Value): Value {
  if (!isList(value) || !isList(other)) return value;
  const known = new Set(other.map((each) => JSON.stringify(each)));
  const left = value.filter((each) => !known.has(JSON.stringify(each)));
  return left.length > 0 || value.length === 0 ? left : value;
}
