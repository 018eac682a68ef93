import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { contractOf } from "../../core/model/index.ts";
import type { ValueObject } from "../../core/model/value.ts";
import { createEngine } from "../../core/resource/index.ts";
import { fixture } from "./fixture.ts";
import { isSoundQcow2 } from "./proof.ts";

export type CleanerName = "mat" | "pdf-cleaner" | "clamav";

const root = join(import.meta.dirname, "../..");

interface Declared {
  readonly resources: {
    readonly disk_image: Readonly<Record<string, ValueObject>>;
    readonly virtual_machine: Readonly<Record<string, ValueObject>>;
  };
}

/** The machine of an example (examples/disposables), with its image built as the example declares it, once. */
export async function cleanerMachine(name: CleanerName): Promise<ValueObject> {
  const text = readFileSync(join(root, "examples/disposables", name, "guestkit.yaml"), "utf8");
  const { disk_image, virtual_machine } = (parse(text) as Declared).resources;
  const { path: _, ...image } = disk_image[name] ?? {};
  const dir = await fixture(
    `cleaner-${name}`,
    { image, code: buildCode() },
    async (target) => {
      const contract = contractOf("disk_image", "resource");
      const engine = createEngine();
      const declared = { ...image, path: join(target, "image.qcow2") };
      const { plan } = await engine.prepare(contract, declared);
      await engine.apply(contract, plan, declared);
    },
    (made) => isSoundQcow2(join(made, "image.qcow2")),
  );
  return { ...virtual_machine[name], disks: { root: { image: join(dir, "image.qcow2") } } };
}

/** The text of everything that decides what the image is. */
function buildCode(): string[] {
  const folder = join(root, "core/build/bootstrap");
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"));
}
