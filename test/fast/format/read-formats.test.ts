import { expect, test } from "vitest";
import { IMAGE_FORMAT } from "../../../cli/command/options.ts";
import { imageFormats } from "../../../core/format/index.ts";
import { READ_FORMATS } from "../../../core/model/contracts/image-place.ts";

test("every format that is read can be said, in contracts and on the command line", () => {
  const read = imageFormats.map(({ name }) => name).sort();
  expect([...READ_FORMATS].sort()).toEqual(read);
  expect([...IMAGE_FORMAT.choices].sort()).toEqual(read);
});
