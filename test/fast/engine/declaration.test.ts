import { declarationOf } from "@guestkit/core/engine";
import { contractOf, contracts, type ValueObject } from "@guestkit/core/model";
import { createEngine } from "@guestkit/core/resource";
import { describe, expect, it } from "vitest";

const engine = createEngine();
const cases = contracts
  .filter(({ kind }) => kind === "resource")
  .flatMap((contract) =>
    contract.examples.map(({ title, input }) => ({ contract, title, input: input as ValueObject })),
  );

describe("the declaration of a state", () => {
  it.each(cases)("of $contract.name, $title, is one, and plans nothing against it", async ({ contract, input }) => {
    const state = { ...engine.normalise(contract, input), id: String(engine.identify(contract, input)) };
    const declared = declarationOf(contract, state);
    const errors = (await engine.validate(contract, declared)).filter(({ severity }) => severity === "error");
    expect(errors).toEqual([]);
    expect(await engine.plan(contract, state, declared)).toMatchObject({ action: "none", changes: [] });
    expect(engine.normalise(contract, declared)).toEqual(engine.normalise(contract, input));
  });

  it("leaves out what goes without saying at any depth, and spells sizes as people do", () => {
    const image = contractOf("disk_image");
    const file = { path: "/etc/motd", content: "hello", source: null, mode: "0644", uid: 0, gid: 7 };
    const secret = { secret_content: "never", secret_content_version: 3 };
    const state = {
      path: "/a",
      format: "qcow2",
      size: 20 * 2 ** 30,
      files: [{ ...file, ...secret }],
      overwrite: false,
    };
    expect(declarationOf(image, { ...state, virtual_size: 20 * 2 ** 30, id: "/a" })).toEqual({
      path: "/a",
      size: "20G",
      files: [{ path: "/etc/motd", content: "hello", gid: 7, secret_content_version: 3 }],
    });
  });
});
