import { describe, expect, it } from "vitest";
import { type PackageFormat, readPackages } from "../../../core/guest/packages/index.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";
import { nixTree, profileOf } from "../../support/nix-store.ts";
import { fc } from "../../support/property.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const plist = ["a", "b", "c"].map(
  (name) =>
    `<key>${name}</key><dict><key>pkgver</key><string>${name}-1.0_1</string><key>state</key><string>installed</string><key>x</key><array><string>y</string></array></dict>`,
);

/** A list with three packages, where it lies. */
const LISTS: readonly (readonly [PackageFormat, string, Uint8Array])[] = [
  ["apk", "/lib/apk/db/installed", encode("P:a\nV:1-r1\n\nP:b\nV:2\nF:x\n\nP:c\nV:3\nI:12\n\n")],
  [
    "opkg",
    "/usr/lib/opkg/status",
    encode(
      "Package: a\nVersion: 1-1\nStatus: install ok installed\n\nPackage: b\nInstalled-Time: 17\n\nPackage: c\n\n",
    ),
  ],
  ["xbps", "/var/db/xbps/pkgdb-0.38.plist", encode(`<plist version="1.0"><dict>${plist.join("\n")}</dict></plist>`)],
  ["pacman", "/var/lib/pacman/local/a-1-1/desc", encode("%NAME%\na\n\n%VERSION%\n1:2-3\n\n%LICENSE%\nx\ny\n\n")],
  ["slackware", "/var/log/packages/a-1-noarch-1", encode("PACKAGE NAME: a\nUNCOMPRESSED PACKAGE SIZE:     2.8M\n")],
];

const changes = fc.array(fc.tuple(fc.nat(10_000), fc.nat(255)), { minLength: 1, maxLength: 6 });

/** Damaged by them, and cut off now and then. */
function damaged(bytes: Uint8Array, all: readonly (readonly [number, number])[], cut: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  for (const [at, value] of all) changed[at % bytes.length] = value;
  return changed.subarray(0, cut % 3 === 0 ? cut % bytes.length : bytes.length);
}

/** What is told of it: packages of which each has a name, or why there are none. */
async function hold(read: () => ReturnType<typeof readPackages>): Promise<void> {
  try {
    for (const each of await read()) {
      expect(typeof each.name).toBe("string");
      expect([each.size, each.epoch].every((value) => value === null || Number.isSafeInteger(value))).toBe(true);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(GuestkitError);
  }
}

describe("a damaged list of packages is read or refused, and never anything else", () => {
  it.each(LISTS)("of %s", async (format, path, bytes) => {
    expect((await readPackages(await memoryTree({ [path]: bytes }), format)).length).toBeGreaterThan(0);
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(10_000), (all, cut) =>
        hold(async () => readPackages(await memoryTree({ [path]: damaged(bytes, all, cut) }), format)),
      ),
      { numRuns: 200 },
    );
  });

  it("of nix", async () => {
    const paths = [
      ["s-1", null, ["a-1", "b-2"]] as const,
      ["a-1", "a-1.drv", ["b-2"]] as const,
      ["b-2", null, []] as const,
    ];
    const path = "/nix/var/nix/db/db.sqlite";
    const bytes = (await (await nixTree(paths)).readFile(path)) as Uint8Array;
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(10_000), (all, cut) =>
        hold(async () =>
          readPackages(await memoryTree({ [path]: damaged(bytes, all, cut), ...profileOf(paths) }), "nix"),
        ),
      ),
      { numRuns: 200 },
    );
  });
});
