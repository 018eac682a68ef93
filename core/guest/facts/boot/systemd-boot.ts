import { fits } from "../../../kit/glob.ts";
import { type SortedEntry, sorted } from "./entry.ts";
import type { BootPlace } from "./places.ts";

/** Settings of systemd-boot (loader.conf(5)). */
export interface SystemdBoot {
  readonly config: string;
  /** A pattern of an entry's id. */
  readonly default: string | null;
  /** Seconds, or `menu-force`, `menu-hidden`. */
  readonly timeout: string | null;
  /** Whether the command line may be changed in the menu. */
  readonly editor: boolean;
}

export async function readSystemdBoot({ tree, folder }: BootPlace): Promise<SystemdBoot | null> {
  const config = `${folder}/loader/loader.conf`;
  const text = await tree.readText(config);
  return text === null ? null : parseLoaderConf(config, text);
}

export function parseLoaderConf(config: string, text: string): SystemdBoot {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, key, value] = /^\s*([a-z-]+)\s+(\S.*)$/.exec(line.trimEnd()) ?? [];
    if (key !== undefined && value !== undefined) values.set(key, value);
  }
  return {
    config,
    default: values.get("default") ?? null,
    timeout: values.get("timeout") ?? null,
    editor: !/^(?:no?|false|off|0|f)$/i.test(values.get("editor") ?? "yes"),
  };
}

/** Longer patterns name no file. */
const MAX_PATTERN = 255;

/** What starts by itself where firmware says nothing else: the pattern's first, or the first of all. */
export function standardEntry(entries: readonly SortedEntry[], pattern: string | null): SortedEntry | null {
  const all = sorted(entries);
  const wanted = pattern?.toLowerCase();
  const named =
    wanted && wanted.length <= MAX_PATTERN ? all.find(({ id }) => fits(wanted, (id ?? "").toLowerCase())) : undefined;
  return named ?? all[0] ?? null;
}
