import { dirname, join } from "node:path";
import { readKeptText } from "../host/plain-file.ts";
import { writeWhole } from "../host/whole-file.ts";
import { parseJson } from "../kit/depth.ts";
import { GuestkitError } from "../kit/errors.ts";

const FORMAT_VERSION = 1;

/** A thing that the file owns. */
export interface Owned {
  readonly address: string;
  readonly id: string;
}

/** The contract of an address: ids of one contract say nothing of those of another. */
export function contractNameOf(address: string): string {
  return address.split(".")[0] ?? "";
}

/** Where the list of what a project file owns lies. */
export function statePath(projectFile: string): string {
  return join(dirname(projectFile), ".guestkit", "state.json");
}

/**
 * What a project file owns, in the order in which it was made. Nothing but addresses and ids: how things are is read
 * from the world.
 */
export class OwnedThings {
  readonly #path: string;
  #things: readonly Owned[];
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, things: readonly Owned[]) {
    this.#path = path;
    this.#things = things;
  }

  /** Throws `E_STATE_DAMAGED` and `E_STATE_NEWER`. */
  static async load(projectFile: string): Promise<OwnedThings> {
    const path = statePath(projectFile);
    return new OwnedThings(path, await readThings(path));
  }

  /** Reads the list again: another command may have written it while its lock was waited for. Throws as `load`. */
  async reload(): Promise<void> {
    this.#things = await readThings(this.#path);
  }

  get all(): readonly Owned[] {
    return this.#things;
  }

  owns(address: string, id: string): boolean {
    return this.#things.some((each) => each.address === address && each.id === id);
  }

  /** Adds a thing and writes the list. It belongs to one address: one that had it before has it no more. */
  add(thing: Owned): Promise<void> {
    if (this.owns(thing.address, thing.id)) return this.#writing;
    const contract = contractNameOf(thing.address);
    const others = this.#things.filter((each) => each.id !== thing.id || contractNameOf(each.address) !== contract);
    this.#things = [...others, thing];
    return this.#write();
  }

  remove(thing: Owned): Promise<void> {
    this.#things = this.#things.filter((each) => each.address !== thing.address || each.id !== thing.id);
    return this.#write();
  }

  /** One after the other, so that the last one written is the last one meant. */
  #write(): Promise<void> {
    const text = `${JSON.stringify({ format_version: FORMAT_VERSION, resources: this.#things }, null, 1)}\n`;
    this.#writing = this.#writing.catch(() => {}).then(() => writeWhole(this.#path, text));
    return this.#writing;
  }
}

async function readThings(path: string): Promise<readonly Owned[]> {
  const text = await readKeptText(path);
  return text === null ? [] : parse(path, text);
}

function parse(path: string, text: string): readonly Owned[] {
  let value: { format_version?: unknown; resources?: unknown };
  try {
    value = (parseJson(text) ?? {}) as typeof value;
  } catch (cause) {
    throw damaged(path, cause);
  }
  if (typeof value.format_version === "number" && value.format_version > FORMAT_VERSION) {
    const message = `Cannot use "${path}": it has version ${value.format_version}, this release knows ${FORMAT_VERSION}`;
    throw new GuestkitError("E_STATE_NEWER", message, { at: { file: path }, help: "Use the release that wrote it." });
  }
  if (!Array.isArray(value.resources) || !value.resources.every(isOwned)) throw damaged(path, undefined);
  return value.resources;
}

function isOwned(value: unknown): value is Owned {
  const { address, id } = (value ?? {}) as { address?: unknown; id?: unknown };
  return typeof address === "string" && typeof id === "string";
}

function damaged(path: string, cause: unknown): GuestkitError {
  return new GuestkitError("E_STATE_DAMAGED", `Cannot use "${path}": it is no list of what the file owns`, {
    at: { file: path },
    cause,
    help: `Remove it (rm "${path}") and name what the file owns: guestkit import ADDRESS ID`,
  });
}
