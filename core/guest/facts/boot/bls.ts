import { nameIn } from "../../../kit/path.ts";
import type { SortedEntry } from "./entry.ts";
import type { BootPlace } from "./places.ts";

/** `NAME+LEFT-DONE.conf`: tries of a boot that are counted (UAPI.1, boot counting). */
const TRIES = /^(.+?)(?:\+(\d{1,9})(?:-\d{1,9})?)?(\.(?:conf|efi))$/;
/** Longer lines are no command lines (COMMAND_LINE_SIZE is 2048 on x86). */
export const MAX_OPTIONS = 8192;
const MAX_VALUE = 1024;

/** Entries of type 1 in loader/entries, in no order. */
export async function readBls({ tree, folder }: BootPlace): Promise<readonly SortedEntry[]> {
  const found: SortedEntry[] = [];
  for (const name of await tree.names(`${folder}/loader/entries`)) {
    const file = `${folder}/loader/entries/${name}`;
    const text = name.endsWith(".conf") ? await tree.readText(file) : null;
    if (text === null) continue;
    tree.budget.spend("entries", 1, file);
    found.push(parseBls(file, text));
  }
  return found;
}

/** `key value` lines; keys that may stand there more than once add up. */
export function parseBls(file: string, text: string): SortedEntry {
  const values = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [, key = "", value = ""] = /^\s*([a-z-]+)\s+(\S.*)$/.exec(line.trimEnd()) ?? [];
    const known = values.get(key);
    if (known) known.push(value);
    else values.set(key, [value]);
  }
  const last = (key: string) => values.get(key)?.at(-1)?.slice(0, MAX_VALUE) ?? null;
  const { id, tries } = counted(file);
  return {
    kind: "bls",
    id,
    title: last("title"),
    version: last("version"),
    file,
    kernel: last("linux") ?? last("uki") ?? last("efi"),
    initrds: values.get("initrd") ?? [],
    options: (values.get("options") ?? []).join(" ").slice(0, MAX_OPTIONS),
    sortKey: last("sort-key"),
    machineId: last("machine-id"),
    tries,
  };
}

/** The name of an entry's file without the tries that stand in it. */
export function counted(file: string): { readonly id: string; readonly tries: number | null } {
  const name = nameIn(file);
  const [, id = name, left, suffix = ""] = TRIES.exec(name) ?? [];
  return { id: `${id}${suffix}`, tries: left === undefined ? null : Number(left) };
}
