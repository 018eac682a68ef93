import { MAX_OPTIONS } from "./bls.ts";
import type { BootEntry } from "./entry.ts";
import { type Command, commandsOf, expanded, rawText } from "./grub-script.ts";

/** What stands in a menu at one place. */
export type MenuItem =
  | { readonly kind: "entry"; readonly entry: BootEntry }
  | {
      readonly kind: "submenu";
      readonly id: string | null;
      readonly title: string;
      readonly items: readonly MenuItem[];
    }
  /** Here GRUB puts the entries of the Boot Loader Specification. */
  | { readonly kind: "bls" };

export interface GrubMenu {
  readonly items: readonly MenuItem[];
  /** As it is set: `0`, `1>2`, an id; null where it is not. */
  readonly default: string | null;
}

interface Draft {
  readonly kind: "menu" | "submenu" | "entry" | "other";
  readonly title: string;
  readonly id: string | null;
  readonly items: MenuItem[];
  kernel: string | null;
  initrds: readonly string[];
  options: string;
}

const KERNEL = /^(?:linux(?:efi|16)?|multiboot2?|chainloader)$/;
const INITRD = /^initrd(?:efi|16)?$/;
/** Menus in menus; GRUB's own generator makes one level. */
const MAX_DEPTH = 16;
const MAX_VALUE = 4096;
const BEFORE_A_COMMAND = new Set(["then", "else", "do"]);

/**
 * GRUB's menu as it stands in grub.cfg. Conditions are not judged: entries count under any, and of what is set the last
 * one counts. `environment` are the variables of its environment block.
 */
export function parseGrubMenu(file: string, text: string, environment: ReadonlyMap<string, string>): GrubMenu {
  const variables = new Map(environment);
  const open: Draft[] = [draft("menu", "", null)];
  const state: { standard: string | null } = { standard: null };
  for (const command of commandsOf(text)) {
    const words = BEFORE_A_COMMAND.has(rawText(command[0] as Command[number])) ? command.slice(1) : command;
    const top = open.at(-1) as Draft;
    const [name = ""] = words.map(rawText);
    if (name === "}") close(file, open);
    else if (name === "set") state.standard = assign(words, variables) ?? state.standard;
    else if (name === "blscfg") top.items.push({ kind: "bls" });
    else if (top.kind === "entry") fillIn(top, name, words, variables);
    if (words.length > 1 && rawText(words.at(-1) as Command[number]) === "{" && open.length < MAX_DEPTH)
      open.push(opened(name, words, variables));
  }
  while (open.length > 1) close(file, open);
  return { items: (open[0] as Draft).items, default: environment.get("next_entry") || state.standard };
}

const draft = (kind: Draft["kind"], title: string, id: string | null): Draft => ({
  kind,
  title,
  id,
  items: [],
  kernel: null,
  initrds: [],
  options: "",
});

/** A value of `default` that was set, but the one for the next boot alone, which counts by itself. */
function assign(words: Command, variables: Map<string, string>): string | null {
  const [, raw = ""] = words.map(rawText);
  const [, name] = /^([A-Za-z0-9_]+)=/.exec(raw) ?? [];
  if (name === undefined || !words[1]) return null;
  const value = expanded(words[1], variables, MAX_VALUE).slice(name.length + 1);
  if (/^default=\$\{?next_entry\}?$/.test(raw)) return null;
  variables.set(name, value);
  return name === "default" ? value : null;
}

function opened(name: string, words: Command, variables: ReadonlyMap<string, string>): Draft {
  if (name !== "menuentry" && name !== "submenu") return draft("other", "", null);
  const texts = words.map(rawText);
  const at = texts.findIndex((text) => text === "--id" || /^\$\{?menuentry_id_option\}?$/.test(text));
  const id = at > 0 ? texts[at + 1] : texts.find((text) => text.startsWith("--id="))?.slice(5);
  const title = words[1] ? expanded(words[1], variables, MAX_VALUE) : "";
  return draft(name === "submenu" ? "submenu" : "entry", title, id ?? null);
}

function fillIn(top: Draft, name: string, words: Command, variables: ReadonlyMap<string, string>): void {
  if (KERNEL.test(name)) {
    const [kernel, ...options] = argumentsOf(words, variables);
    [top.kernel, top.options] = [kernel ?? null, options.join(" ")];
  } else if (INITRD.test(name)) top.initrds = argumentsOf(words, variables);
}

/** Words behind a command, as many as a command line may hold. */
function argumentsOf(words: Command, variables: ReadonlyMap<string, string>): readonly string[] {
  const found: string[] = [];
  let left = MAX_OPTIONS;
  for (const word of words.slice(1)) {
    if (left <= 0) break;
    const text = expanded(word, variables, left);
    left -= text.length + 1;
    // What has blanks as one word is handed on in quotes (GRUB's lib/cmdline.c); variables are taken apart at theirs.
    if (text !== "") found.push(rawText(word).includes(" ") ? `"${text}"` : text);
  }
  return found;
}

function close(file: string, open: Draft[]): void {
  if (open.length < 2) return;
  const { kind, title, id, items, kernel, initrds, options } = open.pop() as Draft;
  const outer = (open.at(-1) as Draft).items;
  if (kind === "submenu") outer.push({ kind, id, title, items });
  else if (kind === "other") for (const item of items) outer.push(item);
  else outer.push({ kind: "entry", entry: { kind: "grub", id, title, version: null, file, kernel, initrds, options } });
}
