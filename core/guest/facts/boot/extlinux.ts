import { MAX_OPTIONS } from "./bls.ts";
import type { BootEntry } from "./entry.ts";

export interface ExtlinuxMenu {
  readonly entries: readonly BootEntry[];
  /** The one that starts by itself; null where none is said. */
  readonly default: string | null;
}

interface Draft {
  readonly label: string;
  title: string | null;
  kernel: string | null;
  initrds: readonly string[];
  append: string;
}

/** A menu of syslinux, extlinux and U-Boot (wiki.syslinux.org, SYSLINUX). Files that one includes are not followed. */
export function parseExtlinux(file: string, text: string): ExtlinuxMenu {
  const drafts: Draft[] = [];
  let [standard, marked]: [string | null, string | null] = [null, null];
  for (const line of text.split("\n")) {
    const [, key = "", value = ""] = /^\s*(\S+)\s+(\S.*)$/.exec(line.trimEnd()) ?? [];
    const word = key.toLowerCase();
    const draft = drafts.at(-1);
    if (word === "label") drafts.push({ label: value, title: null, kernel: null, initrds: [], append: "" });
    else if (word === "default" && !/\.c32$/.test(value)) standard = value;
    else if (word === "menu" && draft && /^default$/i.test(value.trim())) marked = draft.label;
    else if (draft) fillIn(draft, word, value);
  }
  return { entries: drafts.map((draft) => entryOf(file, draft)), default: marked ?? standard };
}

function fillIn(draft: Draft, word: string, value: string): void {
  if (word === "linux" || word === "kernel") draft.kernel = value;
  else if (word === "initrd") draft.initrds = value.split(",").map((each) => each.trim());
  else if (word === "append") draft.append = value;
  else if (word === "menu") draft.title = /^label\s+(.*)$/i.exec(value)?.[1]?.replace("^", "") ?? draft.title;
}

/** A RAM disk may be named in what is appended, which the loader takes out. */
function entryOf(file: string, { label, title, kernel, initrds, append }: Draft): BootEntry {
  const words = append === "-" ? [] : append.split(/\s+/).filter((word) => word !== "");
  const named = words.filter((word) => word.startsWith("initrd=")).flatMap((word) => word.slice(7).split(","));
  const options = words
    .filter((word) => !word.startsWith("initrd="))
    .join(" ")
    .slice(0, MAX_OPTIONS);
  return { kind: "extlinux", id: label, title, version: null, file, kernel, initrds: [...initrds, ...named], options };
}
