import { folderIn } from "../../../kit/path.ts";
import { MAX_OPTIONS } from "./bls.ts";
import { type BootEntry, type SortedEntry, sorted } from "./entry.ts";
import { type MenuItem, parseGrubMenu } from "./grub-menu.ts";
import { expanded } from "./grub-script.ts";
import { parseGrubenv } from "./grubenv.ts";
import type { BootPlace } from "./places.ts";

/** GRUB's own files. */
export interface Grub {
  readonly config: string;
  /** What its environment block holds. */
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  /** The default entry as the menu sets it: `0`, `1>2`, a title or an id. */
  readonly default: string | null;
}

export interface FoundGrub {
  readonly grub: Grub;
  readonly entries: readonly BootEntry[];
  readonly standard: BootEntry | null;
}

/** A block of 1024 bytes; a larger one is none that GRUB reads. */
const MAX_ENVIRONMENT = 64 << 10;

/** The first menu of a place that offers something; `bls` are the entries that it may take up. */
export async function readGrub(place: BootPlace, bls: readonly SortedEntry[]): Promise<FoundGrub | null> {
  const { tree, folder } = place;
  const vendors = (await tree.names(`${folder}/EFI`)).map((vendor) => `${folder}/EFI/${vendor}/grub.cfg`);
  for (const config of [`${folder}/grub/grub.cfg`, `${folder}/grub2/grub.cfg`, ...vendors]) {
    const text = await tree.readText(config);
    if (text === null) continue;
    const block = await tree.readText(`${folderIn(config)}/grubenv`, MAX_ENVIRONMENT);
    const found = grubOf(config, text, parseGrubenv(block ?? ""), bls);
    // A stub in an EFI system partition leads to the menu, and offers nothing itself.
    if (found.entries.length > 0) return found;
  }
  return null;
}

function grubOf(
  config: string,
  text: string,
  environment: ReadonlyMap<string, string>,
  bls: readonly SortedEntry[],
): FoundGrub {
  const menu = parseGrubMenu(config, text, environment);
  const known = sorted(bls).map((entry) => ({ ...entry, options: withVariables(entry.options, environment) }));
  const items = menu.items.flatMap((item): readonly MenuItem[] =>
    item.kind === "bls" ? known.map((entry) => ({ kind: "entry", entry })) : [item],
  );
  return {
    grub: { config, environment: Array.from(environment, ([name, value]) => ({ name, value })), default: menu.default },
    entries: items.flatMap(entriesOf),
    standard: standardOf(items, menu.default || "0"),
  };
}

/** Fedora's entries name variables of the environment block: `$kernelopts`, `$tuned_params`. */
function withVariables(options: string, environment: ReadonlyMap<string, string>): string {
  const text = expanded({ parts: [{ text: options, isLiteral: false }] }, environment, MAX_OPTIONS);
  return text.trim().replace(/ {2,}/g, " ");
}

function entriesOf(item: MenuItem): readonly BootEntry[] {
  if (item.kind === "bls") return [];
  return item.kind === "entry" ? [item.entry] : item.items.flatMap(entriesOf);
}

/** `1>2`, `Advanced options>gnulinux-6.1`: a number, an id or a title at each level; the first one where none fits. */
function standardOf(items: readonly MenuItem[], wanted: string): BootEntry | null {
  const [first = "", ...rest] = wanted.split(">");
  const named = items.find((item) => namesOf(item).includes(first));
  const item = named ?? items[/^\d{1,4}$/.test(first) ? Number(first) : 0] ?? items[0];
  if (!item || item.kind === "bls") return null;
  return item.kind === "entry" ? item.entry : standardOf(item.items, rest.join(">") || "0");
}

function namesOf(item: MenuItem): readonly (string | null)[] {
  if (item.kind === "bls") return [];
  const { id, title } = item.kind === "entry" ? item.entry : item;
  return [id, title, id?.replace(/\.conf$/, "") ?? null];
}
