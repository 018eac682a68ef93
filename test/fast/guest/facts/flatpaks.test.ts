import { describe, expect, it } from "vitest";
import { parseDeploy } from "../../../../core/guest/facts/flatpaks/deploy.ts";
import { readFlatpaks } from "../../../../core/guest/facts/flatpaks/index.ts";
import { knownSystem } from "../../../support/known-system.ts";
import { type Content, memoryTree } from "../../../support/memory-filesystem.ts";
import { fc } from "../../../support/property.ts";

/** As flatpak 1.14 wrote it for an application, and for a runtime. */
const APP = Buffer.from(
  "bG9jYWwtc3lzdGVtADZiOGFkZWRkMzVlZDhlNTNmMjljYTAwMDM1ZTYwYTA4MTNlMDAyYmI2NGRjZDJiZTI2OWUyNmQ4NTAwMzk0" +
    "N2EAAAAAAAAAAASYAGFwcGRhdGEtbmFtZQAAAABvcmcudGVzdC5BcHAAAHMNYXBwZGF0YS12ZXJzaW9uADEuNC4yAABzEAAAAAAA" +
    "AABkZXBsb3ktdmVyc2lvbgAABAAAAABpDwBhcHBkYXRhLWxpY2Vuc2UATUlUIEFORCBHUEwtMy4wLW9yLWxhdGVyAABzEAAAAABy" +
    "dW50aW1lAG9yZy50ZXN0LlBsYXRmb3JtL3g4Nl82NC8yMy4wOAAAcwgAAAAAAABhcHBkYXRhLXN1bW1hcnkAcwAAcxAAAAB0aW1l" +
    "c3RhbXAAAAAAAAAAlW4NawAAAAAAdAogOVeEss3rTgBOAA0A",
  "base64",
);
const RUNTIME = Buffer.from(
  "bG9jYWwtc3lzdGVtADg0M2UxZWRkNDA0ZWJhNjQzZDY4M2Q1MDc4YTM0MTYxMWYzMmM1ZWE4OWE1ZGE2NmU0YzYwYjVhMDUyZmQ0" +
    "MDIAAAAAAAAAAAACAGRlcGxveS12ZXJzaW9uAAAEAAAAAGkPAHRpbWVzdGFtcAAAAAAAAACVbg1rAAAAAAB0ChczTk4N",
  "base64",
);

const COMMIT = "6b8adedd35ed8e53f29ca00035e60a0813e002bb64dcd2be269e26d85003947a";
const read = async (files: Record<string, Content>) => {
  const known = await knownSystem(await memoryTree(files));
  return { found: await readFlatpaks(known), warnings: known.warnings };
};
const place = `/var/lib/flatpak/app/org.test.App/x86_64/stable`;

describe("what flatpak keeps of an installation", () => {
  it("is told", () => {
    expect(parseDeploy(APP)).toMatchObject({ origin: "local-system", commit: COMMIT, size: 301_056 });
    expect(parseDeploy(APP)?.texts.get("appdata-version")).toBe("1.4.2");
    expect(parseDeploy(APP)?.texts.get("runtime")).toBe("org.test.Platform/x86_64/23.08");
    expect(parseDeploy(RUNTIME)).toMatchObject({ origin: "local-system", size: 512, texts: new Map() });
  });

  it("of damaged bytes is some of it or nothing, and never more than there is", () => {
    const changes = fc.array(fc.tuple(fc.nat(APP.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(changes, fc.nat(APP.length), (all, cut) => {
        const bytes = Uint8Array.from(APP);
        for (const [at, value] of all) bytes[at] = value;
        const told = parseDeploy(bytes.subarray(0, cut));
        const length = [...(told?.texts ?? [])].flat().join("").length;
        expect(length).toBeLessThanOrEqual(2 * APP.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe("flatpaks", () => {
  it("count by the link to what is active; others are left over", async () => {
    const { found, warnings } = await read({
      [`${place}/active`]: { link: COMMIT },
      [`${place}/${COMMIT}/deploy`]: APP,
      "/var/lib/flatpak/app/org.test.App/current": { link: "x86_64/stable" },
      [`/var/lib/flatpak/app/org.test.Gone/x86_64/stable/${COMMIT}/deploy`]: APP,
      "/var/lib/flatpak/app/org.test.Odd/x86_64/stable/active": { link: "/etc" },
    });
    expect(warnings).toEqual([]);
    expect(found).toEqual([
      {
        ...{ kind: "app", name: "org.test.App", arch: "x86_64", branch: "stable", version: "1.4.2" },
        ...{ license: "MIT AND GPL-3.0-or-later", runtime: "org.test.Platform/x86_64/23.08" },
        ...{ origin: "local-system", commit: COMMIT, size: 301_056, user: null },
      },
    ]);
  });

  it.each<[string, Record<string, Content>]>([
    ["is missing", {}],
    ["is cut off", { [`${place}/${COMMIT}/deploy`]: APP.subarray(0, 40) }],
    ["cannot be read", { [`${place}/${COMMIT}/deploy`]: { damaged: true } }],
    ["is too large", { [`${place}/${COMMIT}/deploy`]: new Uint8Array((1 << 20) + 1) }],
  ])("are told without it, with a warning, where its record %s", async (_, files) => {
    const { found, warnings } = await read({ [`${place}/active`]: { link: COMMIT }, ...files });
    expect(found).toEqual([
      expect.objectContaining({ name: "org.test.App", version: null, size: null, commit: COMMIT }),
    ]);
    expect(warnings).toEqual([expect.stringContaining(`${place}/${COMMIT}/deploy`)]);
  });
});
