import { parseJson } from "../kit/depth.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Owned } from "./state.ts";

/**
 * Version 1 was one list for all files of a folder: it names neither a file nor a project. Things of other hosts make it
 * version 3: a release that knows none would look for them on this one.
 */
const FORMAT_VERSION = 3;

export const versionOf = (resources: readonly Owned[]): number =>
  resources.some(({ host }) => host !== undefined) ? FORMAT_VERSION : 2;

/** `.guestkit/FILE.state.json`. */
export interface StateDocument {
  readonly format_version: number;
  readonly project?: string;
  /** The canonical path of the file that it was made for. */
  readonly file?: string;
  readonly resources: readonly Owned[];
}

/** Throws `E_STATE_DAMAGED` and `E_STATE_NEWER`. */
export function parseState(path: string, text: string): StateDocument {
  let value: Partial<Record<keyof StateDocument, unknown>>;
  try {
    value = (parseJson(text) ?? {}) as typeof value;
  } catch (cause) {
    throw damaged(path, cause);
  }
  const { format_version: version, project, file, resources } = value;
  if (typeof version === "number" && version > FORMAT_VERSION) {
    const message = `Cannot use "${path}": it has version ${version}, this release knows ${FORMAT_VERSION}`;
    throw new GuestkitError("E_STATE_NEWER", message, { at: { file: path }, help: "Use the release that wrote it." });
  }
  if (!Array.isArray(resources) || !resources.every(isOwned)) throw damaged(path, undefined);
  return {
    format_version: Number(version),
    ...(typeof project === "string" && { project }),
    ...(typeof file === "string" && { file }),
    resources,
  };
}

function isOwned(value: unknown): value is Owned {
  const { address, id, host, machine_id, host_address } = (value ?? {}) as Partial<Record<keyof Owned, unknown>>;
  const isNamed = [host, machine_id, host_address].every((each) => each === undefined || typeof each === "string");
  return typeof address === "string" && typeof id === "string" && isNamed;
}

function damaged(path: string, cause: unknown): GuestkitError {
  return new GuestkitError("E_STATE_DAMAGED", `Cannot use "${path}": it is no list of what the file owns`, {
    at: { file: path },
    cause,
    help: `Remove it (rm "${path}"): what has a record of its own is known by that.`,
  });
}
