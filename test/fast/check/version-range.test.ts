import { describe, expect, it } from "vitest";
import { brokenBound, parseRange } from "../../../core/check/version-range.ts";
import type { Package, PackageFormat } from "../../../core/guest/packages/package.ts";
import { versionOrder } from "../../../core/guest/packages/version-order.ts";

const one = (epoch: number | null, version: string, release: string | null) =>
  ({ name: "p", epoch, version, release, status: "installed" }) as Package;
const broken = (found: Package, range: string, format: PackageFormat) => {
  const bound = brokenBound(found, parseRange(range), format);
  return bound && `${bound.operator} ${bound.version}`;
};

describe("versions of a rule", () => {
  it("are in the order of the system's own package manager", () => {
    expect(broken(one(null, "3.0.15", "1~deb12u1"), ">= 3.0.15, < 4", "deb")).toBeNull();
    expect(broken(one(null, "3.0.15~rc1", "1"), ">= 3.0.15", "deb")).toBe(">= 3.0.15");
    expect(broken(one(null, "3.0.15~rc1", "1.el9"), ">= 3.0.15", "rpm")).toBe(">= 3.0.15");
    expect(broken(one(null, "1.10", "1"), "> 1.9, != 1.10", "rpm")).toBe("!= 1.10");
    expect(broken(one(null, "3.0.15_rc1", "r2"), ">= 3.0.15", "apk")).toBe(">= 3.0.15");
    expect(broken(one(null, "3.0.15a", null), "> 3.0.15, <= 3.0.15a", "ebuild")).toBeNull();
  });

  it("pass no package with an epoch by a bound that names none", () => {
    expect(broken(one(1, "9.2p1", "2"), ">= 1:9.2", "deb")).toBeNull();
    expect(broken(one(1, "9.2p1", "2"), ">= 1:9.3", "deb")).toBe(">= 1:9.3");
    expect(() => broken(one(1, "9.2p1", "2"), ">= 9.9", "deb")).toThrow(
      expect.objectContaining({ code: "E_CHECK_EPOCH" }),
    );
    expect(broken(one(0, "9.2p1", "2"), ">= 9.2", "rpm")).toBeNull();
  });

  it("are refused where their order is not known", () => {
    const ask = () => broken(one(null, "1", null), ">= 1", "slackware");
    expect(ask).toThrow(expect.objectContaining({ code: "E_CHECK_ORDER" }));
  });

  it.each(["", "1.2", ">=", ">= 1,", "~> 1.2", ">= 1 2", "=> 1"])("%j is refused", (text) => {
    expect(() => parseRange(text)).toThrow(expect.objectContaining({ code: "E_CHECK_RANGE" }));
  });
});

/** Each before the next; those in one list are equal. By the rules of apk-tools' src/version.c and of PMS 3.3. */
const ORDERED: Readonly<Record<"apk" | "ebuild", readonly (readonly string[])[]>> = {
  apk: [
    ...[
      ["1_alpha"],
      ["1_alpha0"],
      ["1_alpha2"],
      ["1_beta"],
      ["1_pre1"],
      ["1_rc"],
      ["1_rc1-r0"],
      ["1"],
      ["1-r0"],
      ["1-r1"],
    ],
    ...[
      ["1-r10"],
      ["1~0a"],
      ["1_cvs"],
      ["1_git20"],
      ["1_p"],
      ["1_p0"],
      ["1_p1_rc1"],
      ["1_p1"],
      ["1_p1_p1"],
      ["1a"],
      ["1b"],
    ],
    ...[["1.0"], ["1.00"], ["1.01"], ["1.010"], ["1.1"], ["1.2"], ["1.10"], ["1.10.0"], ["2"], ["10", "010"]],
  ],
  ebuild: [
    ...[["1_alpha", "1_alpha0"], ["1_alpha2"], ["1_beta"], ["1_pre1"], ["1_rc"], ["1_rc1", "1_rc1-r0"], ["1", "1-r0"]],
    ...[["1-r1"], ["1-r10"], ["1_p", "1_p0"], ["1_p1_rc1"], ["1_p1"], ["1_p1_p"], ["1a"], ["1b"], ["1.0", "1.00"]],
    ...[["1.01", "1.010"], ["1.02"], ["1.1"], ["1.2"], ["1.10"], ["1.10.0"], ["2"], ["10", "010"]],
  ],
};

describe.each(["apk", "ebuild"] as const)("the order of %s", (format) => {
  const order = versionOrder(format) ?? (() => Number.NaN);

  it("is that of its rules, in each pair", () => {
    const all = ORDERED[format].flatMap((equal, rank) => equal.map((text) => ({ text, rank })));
    const wrong = all.flatMap((a) =>
      all.flatMap((b) => (order(a.text, b.text) === Math.sign(a.rank - b.rank) ? [] : [`${a.text} and ${b.text}`])),
    );
    expect(wrong).toEqual([]);
  });

  it.each(["", "a", "1.", "1_x", "1-2", "1:2", "v1"])("refuses %j", (text) => {
    expect(() => order(text, "1")).toThrow(expect.objectContaining({ code: "E_VERSION_SYNTAX" }));
  });
});
