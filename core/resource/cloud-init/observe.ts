import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { ISO_LIMIT } from "../../build/iso9660/image.ts";
import type { Drift, Observed } from "../../engine/implementation.ts";
import { readNamedFile } from "../../host/named-file.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { ValueObject } from "../../model/value.ts";
import { readSeed, renderSeed, type SeedFiles } from "../../seed/index.ts";
import { type Memory, readMemory } from "../disk-image/memory.ts";

/** Documents by the field that declares them as they are. */
const FIELDS = [
  ["user-data", "user_data"],
  ["meta-data", "meta_data"],
  ["network-config", "network_config"],
] as const;

/**
 * The seed as it is. Outputs are those of what was written last: where the image departs from that, it is to be written
 * so again.
 */
export async function observeSeed(id: string): Promise<Observed | null> {
  if (!(await stat(id).catch(() => null))?.isFile()) return null;
  const memory = await readMemory(id);
  // Of a seed that guestkit did not make nothing is told: it may hold secrets.
  if (!memory || memory.origin === "imported") return { input: { ...SILENT, path: id }, output: { drift: [] } };
  const { instance_id = null, size = null, sha256 = null } = memory.details;
  const { found, drift } = await look(id, memory);
  return {
    input: { ...SILENT, ...memory.declared, ...found, path: id },
    output: { effective_instance_id: instance_id, size, sha256, drift: drift.map((each) => ({ ...each })) },
  };
}

const SILENT: ValueObject = Object.fromEntries(
  [
    ...["user_data", "meta_data", "network_config", "hostname", "instance_id", "users", "ssh_authorized_keys"],
    ...["packages", "package_update", "write_files", "runcmd", "timezone", "locale", "secret_user_data_version"],
  ].map((name) => [name, null]),
);

/** Inode, size and time of a file, which change when somebody writes it anew. */
export async function markOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found && `${found.ino}:${found.size}:${found.mtimeNs}`;
}

interface Look {
  /** Documents that are declared as they are and stand otherwise in the image. */
  readonly found: ValueObject;
  readonly drift: readonly Drift[];
}

/** A digest tells that nothing was touched; of a seed with secrets there is none, and its inode and time stand for it. */
async function look(id: string, { declared, details }: Memory): Promise<Look> {
  const secret = details.sha256 === null;
  const untouched = secret ? details.mark === (await markOf(id)) : details.sha256 === (await digestOf(id));
  if (untouched) return { found: {}, drift: [] };
  try {
    return compare(await readSeed(id), declared, secret);
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    return { found: {}, drift: [update("path", error.message)] };
  }
}

/** Null where it is too large to be a seed. */
async function digestOf(path: string): Promise<string | null> {
  const bytes = await readNamedFile(path, 2 * ISO_LIMIT).catch(() => null);
  return bytes && createHash("sha256").update(bytes).digest("hex");
}

function compare(documents: Partial<SeedFiles>, declared: ValueObject, secret: boolean): Look {
  const wanted = renderSeed(declared);
  // What a secret stands in cannot be rendered from the record.
  const unknown = (name: string) => name === "user-data" && secret;
  const changed = FIELDS.filter(([name]) => !unknown(name) && documents[name] !== wanted[name]);
  if (changed.length === 0) {
    const field = secret ? "user_data" : "path";
    return { found: {}, drift: [update(field, "the seed was written by somebody else since")] };
  }
  const raw = changed.filter(([name, field]) => (declared[field] ?? null) !== null && documents[name] !== undefined);
  return {
    found: Object.fromEntries(raw.map(([name, field]) => [field, documents[name] ?? null])),
    drift: changed.map(([name, field]) => update(field, `${name} in the seed is not what was written`)),
  };
}

const update = (path: string, why: string): Drift => ({ path, why, action: "update" });
