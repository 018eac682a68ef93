import { expect, it } from "vitest";
import { createEngine } from "../../../core/resource/index.ts";

it("key files are named from the folder that all paths of a face are named from", () => {
  const bytes = new Uint8Array([1]);
  const keys = { "*": [{ file: "key" }, "a passphrase", bytes], "/dev/sda2": { file: "/run/key" } };
  expect(createEngine({ baseDir: "/project", settings: { keys } }).settings.keys).toEqual({
    "*": [{ file: "/project/key" }, "a passphrase", bytes],
    "/dev/sda2": [{ file: "/run/key" }],
  });
});
