import { expect, it } from "vitest";
import { readCommands } from "../../../cli/command/read.ts";

/** What is refused as no disk is to be read by saying its format (E_SOURCE_FORMAT's next step). */
it("lets every verb that opens an image be told its format", () => {
  const opening = readCommands.filter(({ options = {} }) => "key" in options);
  expect(opening.length).toBeGreaterThan(7);
  expect(opening.filter(({ options = {} }) => !("image-format" in options)).map(({ name }) => name)).toEqual([]);
});
