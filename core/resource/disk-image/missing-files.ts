import { stat } from "node:fs/promises";
import { isRemote, localPath } from "../../build/source.ts";
import { withoutUnknown } from "../../engine/adopt.ts";
import { type Diagnostic, problem } from "../../engine/diagnostic.ts";
import type { PlanContext } from "../../engine/implementation.ts";
import type { FieldPath } from "../../engine/path.ts";
import { reasonOf } from "../../kit/system-error.ts";
import type { Value, ValueObject } from "../../model/value.ts";
import { asCanonical, type CanonicalInput } from "./input.ts";

/** A file or folder of this host that a declaration reads at create. */
interface Named {
  readonly path: string;
  readonly field: FieldPath;
  readonly code: string;
  readonly kind: Kind;
}
type Kind = "file" | "directory" | "either";

/** Resources whose id is the path of what they make. */
const MAKERS: readonly string[] = ["disk_image", "cloud_init_seed"];

/**
 * What is not there, or is of another kind, and nothing in the same plan makes: an apply would say so after whatever goes
 * before it. A path that another tool makes meanwhile is given by that tool's own output, which is unknown until then.
 */
export async function missingFiles(input: CanonicalInput, declared: PlanContext["declared"]): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const { path, field, code, kind } of namedBy(asCanonical(withoutUnknown(input as never) as ValueObject))) {
    if (MAKERS.some((contract) => declared(contract, path) !== null)) continue;
    const why = await unfit(path, kind);
    if (why !== null) found.push(problem(code, field, `Cannot use "${path}": ${why}`, why === GONE ? LATER : OTHER));
  }
  return found;
}

const GONE = "there is no such file";
const LATER =
  "Correct the path; where something else makes it in the same apply, refer to that thing's output instead.";
const OTHER = "Correct the path: look at what is there with ls -l.";

/** Why a path cannot be read as a file, or as a folder; what cannot be looked at is no fault yet: the apply says why. */
async function unfit(path: string, kind: Kind): Promise<string | null> {
  try {
    const isDirectory = (await stat(path)).isDirectory();
    if (kind === "either" || isDirectory === (kind === "directory")) return null;
    return isDirectory ? "it is a directory" : "it is no directory";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ELOOP") return reasonOf(error);
    return code === "ENOENT" || code === "ENOTDIR" ? GONE : null;
  }
}

/** The path of a source of this host; null of any other, and of one that is not known yet. */
export function localOrigin(source: CanonicalInput["source"]): string | null {
  const url: unknown = source?.url;
  return typeof url === "string" && !isRemote(url) ? localPath(url) : null;
}

function namedBy({ source, backing_file, bootstrap, layout, files, checks }: CanonicalInput): readonly Named[] {
  const digests = source ? (["sha256", "sha512", "unpacked_sha256"] as const) : [];
  return [
    at(localOrigin(source), ["source", "url"], "E_SOURCE_MISSING"),
    ...digests.flatMap((name) => at(checksumsOf(source?.[name]), ["source", name], "E_SOURCE_CHECKSUMS")),
    at(source?.keyring, ["source", "keyring"], "E_SOURCE_KEYRING"),
    at(source?.ca_file, ["source", "ca_file"], "E_SOURCE_CA"),
    at(backing_file, ["backing_file"], "E_BACKING_MISSING"),
    at(checks?.file, ["checks", "file"], "E_CHECK_FILE"),
    at(bootstrap?.keyring, ["bootstrap", "keyring"], "E_TOOL_MISSING", "either"),
    ...(layout?.partitions ?? []).flatMap((partition, index) => [
      at(partition?.content?.directory, [...within(index), "directory"], "E_LAYOUT_CONTENT", "directory"),
      at(partition?.content?.tar, [...within(index), "tar"], "E_LAYOUT_CONTENT"),
    ]),
    ...(files ?? []).map((file, index) => at(file?.source, ["files", index, "source"], "E_FILES_SOURCE")),
  ].flat();
}

const within = (partition: number): FieldPath => ["layout", "partitions", partition, "content"];

function at(path: Value | undefined, field: FieldPath, code: string, kind: Kind = "file"): readonly Named[] {
  return typeof path === "string" ? [{ path, field, code, kind }] : [];
}

/** A file of checksums of this host; null for a digest and an address. */
function checksumsOf(text: string | null | undefined): string | null {
  return !text || /^[0-9a-f]+$/i.test(text) || isRemote(text) ? null : text;
}
