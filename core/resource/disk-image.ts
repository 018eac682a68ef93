import { rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import type { Observed, ResourceImplementation } from "../engine/implementation.ts";
import { readRecord, removeRecord, writeRecord } from "../engine/record.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { ValueObject } from "../model/value.ts";

/** Recipes say how an image came to be; an image without a record can be given one instead of being replaced. */
const RECIPES = ["source", "bootstrap", "layout"];

export const diskImage: ResourceImplementation = {
  predict: (input) => (typeof input.size === "number" ? { virtual_size: input.size } : {}),
  judge: (change) => {
    const [field] = change.path;
    if (change.path.length > 1 || !RECIPES.includes(String(field))) return null;
    if (change.before !== null && change.after !== null) return null;
    return { policy: undefined, warning: `${field}: the image stays as it is and is taken as made that way` };
  },
  observe,
  create,
  update: async (id, input) => {
    await execa("qemu-img", ["resize", "-q", "-f", String(input.format), id, String(input.size)]);
    await writeRecord(id, { contract: "disk_image", origin: "created", declared: input, details: {} });
  },
  remove: async (id) => {
    await rm(id, { force: true });
    await removeRecord(id);
  },
  adopt: async (id) => writeRecord(id, { contract: "disk_image", origin: "imported", declared: {}, details: {} }),
};

async function observe(id: string): Promise<Observed | null> {
  if (!(await stat(id).catch(() => null))) return null;
  const { stdout } = await execa("qemu-img", ["info", "-U", "--output=json", id]);
  const info = JSON.parse(stdout) as ValueObject;
  const record = await readRecord(id);
  const size = info["virtual-size"] ?? null;
  return {
    input: {
      path: id,
      format: info.format ?? null,
      size,
      source: record?.declared.source ?? null,
      bootstrap: record?.declared.bootstrap ?? null,
      layout: record?.declared.layout ?? null,
    },
    output: {
      virtual_size: size,
      actual_size: info["actual-size"] ?? null,
      backing_chain: [],
      partitions: [],
      drift: [],
    },
  };
}

async function create(input: ValueObject, options: { readonly replacing: boolean }): Promise<void> {
  const id = String(input.path);
  if (!options.replacing && (await stat(id).catch(() => null))) {
    throw new GuestkitError("E_IMAGE_EXISTS", `Cannot create "${id}": the file is there already`, { at: { file: id } });
  }
  const partial = join(dirname(id), `.${basename(id)}.guestkit-partial-${process.pid}`);
  await execa("qemu-img", ["create", "-q", "-f", String(input.format), partial, String(input.size)]);
  await rename(partial, id);
  await writeRecord(id, { contract: "disk_image", origin: "created", declared: input, details: {} });
}
