import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readRecord, recordPath, removeRecord, writeRecord } from "../../../core/engine/record.ts";
import { RECORD_VERSION } from "../../../core/host/record-file.ts";
import { scratch } from "../../support/run.ts";

const record = { contract: "probe", origin: "created", owner: null, declared: { path: "x" }, details: {} } as const;

it("keeps a record beside the thing, with its version, and leaves nothing else", async () => {
  const dir = await scratch("record");
  const id = join(dir, "image.qcow2");
  expect(await readRecord(id)).toBeNull();
  await writeRecord(id, record);
  expect(await readRecord(id)).toEqual({ format_version: RECORD_VERSION.kept, ...record });
  expect(await readdir(dir)).toEqual([".image.qcow2.guestkit.json"]);
  await removeRecord(id);
  expect(await readdir(dir)).toEqual([]);
});

it("takes a name of 255 bytes", async () => {
  const id = join(await scratch("record"), "x".repeat(255));
  await writeRecord(id, record);
  expect(await readRecord(id)).toMatchObject(record);
});

it("refuses what a newer release wrote, and what is no record, and changes neither", async () => {
  const id = join(await scratch("record"), "image");
  for (const [text, code] of [
    [JSON.stringify({ ...record, format_version: RECORD_VERSION.kept + 1 }), "E_RECORD_NEWER"],
    [JSON.stringify({ ...record, format_version: 0 }), "E_RECORD_DAMAGED"],
    [JSON.stringify(record), "E_RECORD_DAMAGED"],
    ["null", "E_RECORD_DAMAGED"],
    ["{", "E_RECORD_DAMAGED"],
  ] as const) {
    await writeFile(recordPath(id), text);
    await expect(readRecord(id), text).rejects.toMatchObject({ code, at: { file: recordPath(id) } });
    expect(await readFile(recordPath(id), "utf8")).toBe(text);
  }
});
