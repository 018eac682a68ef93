import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import type { ValueObject } from "../model/value.ts";
import { declarationOf } from "./declaration.ts";
import { frameOf, wayIn } from "./frame.ts";
import { hostPathFrom } from "./host-path.ts";
import type { Work } from "./key.ts";
import { keyOf } from "./keys/index.ts";
import { MACHINE_NAME, originOf } from "./origin.ts";
import { type KeyStatus, notNeeded, type Outcome, type Setting, untranslated } from "./outcome.ts";
import { type Assignment, readScript, type Unread } from "./shell/script.ts";
import type { ShellValue } from "./shell/word.ts";

/** What a kvmxfile is read with. */
export interface ImportContext {
  /** kvmx's name of the machine: the folder's. */
  readonly vm: string;
  /** The machine's name here; made of `vm` where left out. */
  readonly name?: string | undefined;
  /** Environment of whoever runs the import. */
  readonly home: string;
  readonly user: string | null;
  /** The kvmxfile's folder as seen from guestkit.yaml's: ".", "../web", or absolute. */
  readonly folder: string;
  /** Start from the image that kvmx has made, and build none. */
  readonly keepImage?: boolean;
}

/** What became of a key. */
export interface KeyNote {
  readonly key: string;
  /** Where it is set last, from 1. */
  readonly line: number;
  readonly status: KeyStatus;
  /** Fields of guestkit.yaml: `virtual_machine.web.memory`. */
  readonly fields: readonly string[];
  /** What is to be known of it, or why it could not be translated. */
  readonly why: string | null;
  /** What to do instead. */
  readonly instead: string | null;
}

export interface Import {
  readonly name: string;
  /** guestkit.yaml's value. */
  readonly declaration: ValueObject;
  /** In the order of the lines. */
  readonly keys: readonly KeyNote[];
  /** What only a shell could have done, and was not. */
  readonly unread: readonly Unread[];
  /** Whether nothing is left for the user to do. */
  readonly isWhole: boolean;
}

/** A configuration of this length is none. */
export const LARGEST = 256 * 1024;

/**
 * Translates a kvmxfile, running nothing of it. Throws `E_KVMXFILE_SIZE`, `E_KVMXFILE_OPEN` (a quote without end) and
 * `E_KVMXFILE_NAME`.
 */
export function importKvmxfile(text: string, context: ImportContext): Import {
  if (text.length > LARGEST) {
    throw new GuestkitError("E_KVMXFILE_SIZE", `Cannot read it: it is longer than ${LARGEST / 1024} KiB`);
  }
  const name = machineName(context.name ?? context.vm, context.name !== undefined);
  const script = readScript(text, outside(context));
  const last = new Map(script.assignments.map((each) => [each.name, each]));
  for (const { names } of script.unread) for (const each of names) last.delete(each);
  const work = workOf(name, last, context);
  const used = usedNames(text);
  const done = [...last.values()].map((each) => ({ each, outcome: outcomeOf(each, work, used) }));
  const settings = [...frameOf(work), ...done.flatMap(({ outcome }) => outcome.settings)];
  const keys = done.map(({ each, outcome }) => noteOf(each, outcome, name)).toSorted((a, b) => a.line - b.line);
  return {
    name,
    declaration: declarationOf(name, [...settings, ...wayIn(work, settings)]),
    keys,
    unread: script.unread,
    isWhole:
      script.unread.length === 0 && keys.every(({ status }) => status === "translated" || status === "not_needed"),
  };
}

function machineName(text: string, isGiven: boolean): string {
  const fitted = text
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[-_]+/, "")
    .slice(0, 63)
    .replace(/[-_]+$/, "");
  const name = isGiven ? text : fitted;
  if (MACHINE_NAME.test(name)) return name;
  throw new GuestkitError("E_KVMXFILE_NAME", `Cannot name the machine: "${printable(text)}" is no name for one`, {
    help: "Give one of letters, digits, - and _: --name NAME.",
  });
}

/** Variables that the file finds. One that kvmx itself sets is not known here. */
function outside({ vm, home, user }: ImportContext): (name: string) => ShellValue {
  const known: Readonly<Record<string, string | null>> = { HOME: home, USER: user, LOGNAME: user, VM: vm };
  return (name) => {
    const text = Object.hasOwn(known, name) ? known[name] : undefined;
    if (typeof text === "string") return { kind: "text", text, secret: false };
    // A key that was not set yet is empty, as in kvmx.
    if (keyOf(name)) return { kind: "text", text: "", secret: false };
    return { kind: "unknown", why: `it uses $${name}, which is not set in the file` };
  };
}

function workOf(name: string, last: ReadonlyMap<string, Assignment>, { home, folder, keepImage }: ImportContext): Work {
  const get = (key: string): string | null => {
    const value = last.get(key)?.value;
    return value?.kind === "text" && value.text.trim() !== "" && !value.secret && isClean(value.text)
      ? value.text
      : null;
  };
  const origin = originOf({ name, home, keepImage: keepImage === true, get });
  return { name, origin, get, hostPath: hostPathFrom(folder, home) };
}

/** A control character in a configuration is somebody's trick; a value of several lines is not. */
const isClean = (text: string): boolean => !/(?![\n\t])\p{Cc}/u.test(text) && text.isWellFormed();

function outcomeOf({ name, value }: Assignment, work: Work, used: ReadonlySet<string>): Outcome {
  const key = keyOf(name);
  if (!key) return unknownKey(name, used);
  // Whatever it is: it is not for a file.
  if (name === "password") return key.translate("", work);
  if (value.kind === "unknown") return untranslated(value.why, `Its place is ${plain(key.ours)}.`);
  if (value.text.trim() === "") return notNeeded("It is empty.");
  if (value.secret) return untranslated("a password is in it", "Give it as secret_environment of a provisioning step.");
  if (!isClean(value.text))
    return untranslated("there are control characters in it", `Its place is ${plain(key.ours)}.`);
  return key.translate(value.text, work);
}

const plain = (markdown: string) => markdown.replaceAll("`", "");

/** One that the file uses itself is no key. */
function unknownKey(name: string, used: ReadonlySet<string>): Outcome {
  if (used.has(name)) return notNeeded("Other lines use it.");
  return untranslated("no such key of a kvmxfile is known", "See docs/kvmx.md for those that are.");
}

const usedNames = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/\$\{?([A-Za-z_][A-Za-z0-9_]*)/g)].map(([, name = ""]) => name));

function noteOf({ name: key, line }: Assignment, outcome: Outcome, machine: string): KeyNote {
  const { status, settings, note, left } = outcome;
  const fields = settings.map((each) => fieldOf(each, machine));
  return { key, line, status, fields, why: left?.why ?? note, instead: left?.instead ?? null };
}

const fieldOf = ({ of, path }: Setting, name: string): string =>
  [of === "machine" ? "virtual_machine" : "disk_image", name, ...path].join(".");
