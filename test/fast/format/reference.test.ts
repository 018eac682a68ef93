import { expect, test } from "vitest";
import { parseReference } from "../../../core/format/reference.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { fc } from "../../support/property.ts";

const parse = (text: string, format: string | null = null) => parseReference(text, format, "child.qcow2");
const json = (options: object) => `json:${JSON.stringify(options)}`;
const plain = { offset: 0, size: null };

test("paths are what they are", () => {
  for (const path of ["base.qcow2", "../base", "/var/lib/base.img", "./with:colon", "a/b:c", "a b'\"é"]) {
    expect(parse(path, "raw")).toEqual({ filename: path, format: "raw", ...plain });
  }
  expect(parse("file:base.qcow2")).toEqual({ filename: "base.qcow2", format: null, ...plain });
});

test("JSON, nested and dotted, and access options that change nothing", () => {
  const options = [
    { driver: "qcow2", file: { driver: "file", filename: "base" } },
    { driver: "qcow2", "file.driver": "file", "file.filename": "base" },
    { driver: "qcow2", "file.filename": "base", "read-only": true, file: { locking: "off", aio: "native" } },
    { driver: "qcow2", file: { filename: "file:base" }, cache: { direct: true }, "l2-cache-size": 1024 },
  ];
  for (const each of options) expect(parse(json(each))).toEqual({ filename: "base", format: "qcow2", ...plain });
  expect(parse(json({ driver: "file", filename: "base" }))).toEqual({ filename: "base", format: "raw", ...plain });
});

test("the header's format goes before JSON's, as QEMU has it", () => {
  expect(parse(json({ "file.filename": "base" }), "qcow2").format).toBe("qcow2");
  expect(parse(json({ driver: "file", filename: "base" }), "qcow2").format).toBe("qcow2");
});

test("a part of a raw file", () => {
  const part = { driver: "raw", offset: 512, size: "1024", file: { filename: "base" } };
  expect(parse(json(part))).toEqual({ filename: "base", format: "raw", offset: 512, size: 1024 });
});

test.each([
  "",
  "file:",
  "nbd://host/disk",
  "https://host/disk.qcow2",
  "rbd:pool/disk",
  "json:",
  "json:[]",
  "json:{",
  "json:null",
  json({ driver: "qcow2" }),
  json({ driver: "qcow2", file: { driver: "nbd", host: "x" } }),
  json({ driver: "raw", file: { driver: "qcow2", file: { filename: "base" } } }),
  json({ driver: "qcow2", file: { filename: "base" }, backing: { driver: "null-co" } }),
  json({ driver: "qcow2", offset: 512, file: { filename: "base" } }),
  json({ driver: "raw", offset: -1, file: { filename: "base" } }),
  json({ driver: "raw", offset: 1.5, file: { filename: "base" } }),
  json({ driver: 7, file: { filename: "base" } }),
  json({ driver: "qcow2", file: { filename: "nbd://host" } }),
])("refused: %s", (text) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: "E_IMAGE_REFERENCE" }));
});

test("any text is understood or refused", () => {
  const options = fc.dictionary(
    fc.constantFrom("driver", "file", "filename", "file.filename", "offset", "size", "backing", "__proto__"),
    fc.oneof(fc.jsonValue(), fc.constantFrom("raw", "qcow2", "file")),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json().map((text) => `json:${text}`),
        options.map(json),
      ),
      (text) => {
        try {
          expect(parse(text).filename).not.toBe("");
        } catch (error) {
          expect(error).toBeInstanceOf(GuestkitError);
        }
      },
    ),
    { numRuns: 2000 },
  );
});
