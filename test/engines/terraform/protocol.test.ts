import { readFileSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseProto } from "@guestkit/core/grpc";
import { describe, expect, it } from "vitest";
import { findFurtherEngine, repository } from "../../support/engines.ts";

const FILE = "tfplugin6.proto";

/** What the engine's recipe keeps beside it (scripts/engines.d/terraform-next.sh). */
const engine = findFurtherEngine("terraform-1.16");

/** What parseProto need not read: options, what is reserved, and types of other packages, which this provider does not use. */
const theirs = (text: string) =>
  text
    .replace(/\/\/[^\n]*/g, "")
    .replace(/^\s*(option|import|reserved)\b[^;]*;/gm, "")
    .replace(/\s*\[[^\]]*\]\s*;/g, ";")
    .replace(/google\.protobuf\.\w+/g, "bytes");

const ours = parseProto(readFileSync(join(repository, "provider/proto", FILE), "utf8"));

const SKIPPED = `is not compared with ours: terraform-1.16 is not installed (npm run engines:all provides it)`;

describe("the plugin protocol of terraform-1.16", () => {
  if (engine === null) return it.skip(SKIPPED, () => {});

  it("has all that our .proto names, by the same numbers, types and directions", async () => {
    const all = parseProto(theirs(await readFile(join(dirname(await realpath(engine)), FILE), "utf8")));
    expect(ours.messages.size).toBeGreaterThan(50);
    for (const [name, fields] of ours.messages) {
      const known = all.messages.get(name);
      expect(known, name).toEqual(expect.arrayContaining([...fields]));
    }
    for (const [name, values] of ours.enums) expect(all.enums.get(name), name).toMatchObject(values);
    for (const [name, calls] of ours.services) {
      expect(all.services.get(name), name).toEqual(expect.arrayContaining([...calls]));
    }
  });
});
