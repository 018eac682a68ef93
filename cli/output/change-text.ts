import { fromBinary } from "@guestkit/core/archive";
import { type Change, GROUPS, type Pair } from "@guestkit/core/diff";
import { decodeName } from "@guestkit/core/kit";
import { calm } from "./json.ts";
import { shown, table } from "./table.ts";
import { words } from "./words.ts";

const MARKS = { added: "+", removed: "-", modified: "~", renamed: ">", unread: "?" } as const;

/** Names of files are raw bytes, all others text. */
const nameOf = ({ group }: Change, name: string): string =>
  group === "files" ? decodeName(fromBinary(name)).text : name;

/** One line of `diff --json`. */
export function changeJson(each: Change): string {
  const { group, change, system, from, fields } = each;
  const spelled = {
    group,
    change,
    system,
    ...named("name", each, each.name),
    ...(from !== null && named("from", each, from)),
    fields,
  };
  return `${calm(JSON.stringify(spelled))}\n`;
}

function named(key: string, each: Change, raw: string): Readonly<Record<string, string>> {
  if (each.group !== "files") return { [key]: raw };
  const { text, base64 } = decodeName(fromBinary(raw));
  return { [key]: text, ...(base64 !== null && { [`${key}_base64`]: base64 }) };
}

/** What a line stands under. */
export function heading({ group, system }: Change): string {
  return system !== null && system > 0 ? `${group} (system ${system + 1})` : group;
}

/** `~ /etc/motd  content 12 -> 14, mode 0644 -> 0600`, `? /etc/motd  after: E_EXT4_CHECKSUM: ...` */
export function changeLine(each: Change): string {
  const { change, name, from, fields } = each;
  if (change === "unread")
    return `  ${MARKS[change]} ${shown(nameOf(each, name))}  ${reasons(fields.error ?? [null, null])}\n`;
  const what = Object.entries(fields).map(([field, [before, after]]) => {
    const [a, b] = [words(before), words(after)];
    const label = field === "value" || field === "version" ? "" : `${field} `;
    if (change === "added") return `${label}${b}`;
    return change === "removed" ? `${label}${a}` : `${label}${a} -> ${b}`;
  });
  const origin = from === null ? [] : [`from ${shown(nameOf(each, from))}`];
  const details = [...origin, ...what].join(", ");
  return `  ${MARKS[change]} ${shown(nameOf(each, name))}${details === "" ? "" : `  ${details}`}\n`;
}

/** Why it could not be read, and where. */
function reasons([before, after]: Pair): string {
  const told = [
    ["before", before],
    ["after", after],
  ] as const;
  return told.flatMap(([side, reason]) => (reason === null ? [] : [`${side}: ${words(reason)}`])).join(", ");
}

/** How much of each kind there is. */
export function statLines(counts: ReadonlyMap<string, number>): string {
  const rows = GROUPS.flatMap((group) => {
    const of = (change: string) => counts.get(`${group} ${change}`) ?? 0;
    const each = Object.keys(MARKS).map((change) => [change, of(change)] as const);
    const there = each.filter(([, count]) => count > 0).map(([change, count]) => `${count} ${change}`);
    return there.length > 0 ? [[group, there.join(", ")]] : [];
  });
  return table(rows);
}
