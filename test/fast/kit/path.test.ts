import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path/posix";
import { expect, it } from "vitest";
import { folderIn, nameIn } from "../../../core/kit/path.ts";
import { fc } from "../../support/property.ts";

it("tells folder and name of a path as Node does", () => {
  const name = fc.stringMatching(/^[a-z.]{1,4}$/);
  const path = fc.tuple(fc.constantFrom("", "/", "./", "../"), fc.array(name, { minLength: 1, maxLength: 4 }));
  fc.assert(
    fc.property(path, ([start, names]) => {
      const text = start + names.join("/");
      expect([folderIn(text), nameIn(text)]).toEqual([dirname(text), basename(text)]);
    }),
  );
});

it("is the one place that cuts a path at its last slash", () => {
  const root = join(import.meta.dirname, "../../..");
  const files = ["core", "cli", "provider", "pulumi", "ansible"].flatMap((face) =>
    globSync(`${face}/**/*.ts`, { cwd: root, exclude: (each) => /node_modules|^dist$|generated/.test(each) }),
  );
  expect(files.length).toBeGreaterThan(300);
  const cutting = files.filter((file) =>
    /lastIndexOf\((?:"\/"|0x2f|47)\)/.test(readFileSync(join(root, file), "utf8")),
  );
  // Names of a guest are bytes; one walks an absolute path up to its root; one is the method of a call.
  expect(cutting.sort()).toEqual([
    "cli/verb/ls.ts",
    "core/copy/place.ts",
    "core/grpc/answers.ts",
    "core/guest/authorized-keys.ts",
    "core/kit/path.ts",
  ]);
});
