import type { Tree } from "../../../filesystem/tree.ts";
import { GuestkitError } from "../../../kit/errors.ts";

/** Lists of images of the largest stores have some megabytes. */
const LARGEST = 32 << 20;

/** A file of JSON; null where there is none. Throws `E_CONTAINERS_JSON`. */
export async function readJson(tree: Tree, path: string): Promise<unknown> {
  const text = await tree.readText(path, LARGEST);
  if (text === null || text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GuestkitError("E_CONTAINERS_JSON", `Cannot read "${path}": it is not JSON`, {
      at: { file: path },
      cause,
      help: "Look at it (guestkit cat IMAGE PATH): its engine may have been stopped while it wrote it.",
    });
  }
}

/** What an object of unknown make holds; empty for anything else. */
export function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}

export function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Null for what is no text, and for an empty one. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
