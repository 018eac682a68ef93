import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readImageHead } from "../../../core/build/header.ts";
import { asGuestkitError } from "../../../core/kit/errors.ts";
import { contractOf } from "../../../core/model/index.ts";
import { createEngine } from "../../../core/resource/index.ts";
import { fc } from "../../support/property.ts";
import { scratch } from "../../support/run.ts";

const dir = await scratch("header");
const engine = createEngine({ baseDir: dir });
const image = contractOf("disk_image", "resource");

/** The start of a qcow2 header, and nothing behind it. */
async function headOf(version: number, length: number): Promise<string> {
  const bytes = Buffer.alloc(112);
  bytes.write("QFI\xfb", "latin1");
  bytes.writeUInt32BE(version, 4);
  bytes.writeUInt32BE(16, 20);
  bytes.writeUInt32BE(104, 100);
  const path = join(dir, `${version}-${length}.qcow2`);
  await writeFile(path, bytes.subarray(0, length));
  return path;
}

/** What it ends with. */
async function codeOf(work: () => Promise<unknown>): Promise<string> {
  return work().then(
    () => "done",
    (thrown) => asGuestkitError(thrown).code,
  );
}

async function create(config: object): Promise<unknown> {
  const declared = { path: join(dir, "made.qcow2"), overwrite: true, ...config };
  const { plan } = await engine.prepare(image, declared);
  const fault = plan.diagnostics.find(({ severity }) => severity === "error");
  if (fault) throw Object.assign(asGuestkitError(new Error("x")), { code: fault.code });
  return engine.apply(image, plan, declared);
}

const lengths = Array.from({ length: 113 }, (_, length) => length);

describe("a qcow2 header that ends early", () => {
  it.each([2, 3])("in version %i, is no fault of guestkit at any length, by any way in", async (version) => {
    for (const length of lengths) {
      const path = await headOf(version, length);
      const codes = [
        await codeOf(() => engine.query(contractOf("image_info", "query"), { disk_image: path })),
        await codeOf(() => engine.query(contractOf("inspection", "query"), { disk_image: path })),
        ...(length >= 4 && length < 104
          ? [await codeOf(() => create({ source: { url: path } })), await codeOf(() => create({ backing_file: path }))]
          : []),
      ];
      expect(codes, `${length} bytes`).not.toContain("E_INTERNAL");
      if (length >= 4 && length < 72) expect(codes.slice(2), `${length} bytes`).not.toContain("done");
    }
  });

  it("whatever its fields say", async () => {
    const path = join(dir, "any.qcow2");
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 0, maxLength: 200 }),
        fc.constantFrom(2, 3, 4),
        async (rest, version) => {
          const head = Buffer.from([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, version]);
          await writeFile(path, Buffer.concat([head, rest]));
          expect(await codeOf(() => readImageHead(path))).not.toBe("E_INTERNAL");
        },
      ),
      { numRuns: 500, seed: 72 },
    );
  });
});
