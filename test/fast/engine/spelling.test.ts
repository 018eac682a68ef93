import { describe, expect, it } from "vitest";
import { withoutUnknown } from "../../../core/engine/adopt.ts";
import { canonical, equalValues } from "../../../core/engine/normalise.ts";
import { makePlan } from "../../../core/engine/plan.ts";
import { validateFields } from "../../../core/engine/validate.ts";
import type { Field, FieldType, TextForm } from "../../../core/model/contract.ts";
import { contractOf, contracts } from "../../../core/model/index.ts";
import { formatPath, isObject, type Value, type ValueObject } from "../../../core/model/value.ts";
import { walkFields } from "../../support/fields.ts";
import { contextIn } from "../../support/machine.ts";

const { settings } = contextIn("/nowhere");
/** Of each form: texts that mean the same, the one spelling first, seen from the folder /p; and one that means another. */
const SPELLINGS: Readonly<Record<TextForm, { readonly same: readonly string[]; readonly other: string }>> = {
  digest: { same: ["ab".repeat(32), "AB".repeat(32), `sha256:${"aB".repeat(32)}`], other: "ac".repeat(32) },
  digestPlace: { same: ["/p/SHA256SUMS", "SHA256SUMS", "./SHA256SUMS", "file:SHA256SUMS"], other: "AB".repeat(32) },
  fingerprint: { same: ["AB".repeat(20), "ab".repeat(20), "abab ".repeat(10).trim()], other: "AC".repeat(20) },
  guestPath: { same: ["/etc/motd", "/etc//motd", "/etc/./motd", "//etc/motd", "/etc/motd/"], other: "/etc/motd2" },
  ip: { same: ["fd00::1", "FD00::1", "fd00:0:0:0:0:0:0:1"], other: "fd00::2" },
  mac: {
    same: ["52:54:00:aa:bb:cc", "52:54:00:AA:BB:CC", "52-54-00-aa-bb-cc", "5254.00AA.bbcc"],
    other: "52:54:00:aa:bb:cd",
  },
  octal: { same: ["0644", "644"], other: "0640" },
  place: {
    same: [
      "/p/img/b",
      "img/b",
      "./img/b",
      "img//b",
      "img/x/../b",
      "img/b/",
      "file:///p/img/b",
      "file:img/b",
      "file:./img/b",
    ],
    other: "img/c",
  },
  repository: { same: ["/p/r.git", "r.git", "./r.git", "file:///p/r.git"], other: "host:r.git" },
  uuid: {
    same: ["123e4567-e89b-42d3-a456-426614174000", "123E4567-E89B-42D3-A456-426614174000"],
    other: "123e4567-e89b-42d3-a456-426614174001",
  },
};
const SIZES = { same: [2 ** 31, "2G", "2048M", "2GiB", "2048 MiB", "2g"], other: "2GB" };
const PATHS = { same: ["/p/a/b", "a/b", "./a/b", "a//b", "a/x/../b", "a/b/", "/p/./a/b"], other: "a/c" };

function spellingsOf(type: FieldType): { readonly same: readonly Value[]; readonly other: Value } | null {
  if (type.kind === "size") return SIZES;
  if (type.kind === "path") return PATHS;
  return type.kind === "string" && type.form ? SPELLINGS[type.form] : null;
}

const equal = (type: FieldType, a: Value, b: Value) => equalValues(type, a, b, "/p");

describe.each(contracts)("of $name", ({ name, input }) => {
  it("takes every spelling of a value as the same, and another value as another", () => {
    for (const [path, type] of walkFields(input, name)) {
      const known = spellingsOf(type);
      if (!known) continue;
      const [first = null] = known.same;
      for (const each of known.same) {
        expect([path, each, equal(type, first, each)]).toEqual([path, each, true]);
        expect(canonical(type, each, "/p"), path).toEqual(first);
      }
      expect(equal(type, first, known.other), path).toBe(false);
    }
  });
});

const machine = contractOf("virtual_machine", "resource");
const planOf = (contract: typeof machine, prior: ValueObject, config: ValueObject) =>
  makePlan({ contract, prior: { ...prior, id: "x" }, config, implementation: {}, settings, baseDir: "/p" });
/** A state as it is right after a declaration was applied. */
const applied = (contract: typeof machine, config: ValueObject): ValueObject => {
  const made = makePlan({ contract, prior: null, config, implementation: {}, settings, baseDir: "/p" }).planned ?? {};
  return withoutUnknown(made) as ValueObject;
};

it("plans nothing for other spellings, and keeps the ones that the state has", () => {
  const was = applied(machine, {
    name: "web",
    memory: "2G",
    networks: { lan: { mac: "52:54:00:AA:BB:CC", addresses: ["FD00::1/64"] } },
    disks: { root: { image: "./a.qcow2" } },
    shares: { home: { path: "home/", mount: "/home/" } },
    cloud_init: { write_files: [{ path: "/etc//motd", permissions: "644" }] },
  });
  const made = planOf(machine, was, {
    name: "web",
    memory: "2048M",
    networks: { lan: { mac: "52-54-00-aa-bb-cc", addresses: ["fd00::1/64"] } },
    disks: { root: { image: "/p/a.qcow2" } },
    shares: { home: { path: "./home", mount: "/home" } },
    cloud_init: { write_files: [{ path: "/etc/motd", permissions: "0644" }] },
  });
  expect(made.reasons).toEqual([]);
  expect(made).toMatchObject({
    action: "none",
    planned: {
      memory: "2G",
      networks: { lan: { mac: "52:54:00:AA:BB:CC", addresses: ["FD00::1/64"] } },
      disks: { root: { image: "./a.qcow2" } },
      shares: { home: { path: "home/", mount: "/home/" } },
      cloud_init: { write_files: [{ path: "/etc//motd", permissions: "644" }] },
    },
  });
});

it("takes one file under two spellings of its path as declared twice", () => {
  const files = [{ path: "/etc/motd" }, { path: "/etc//motd" }];
  const found = validateFields(contractOf("disk_image", "resource").input, { path: "a", size: "1G", files });
  expect(found.map(({ code }) => code)).toEqual(["E_FIELD_DUPLICATE"]);
});

it("takes an address of the same digest as the same, however that is spelled", () => {
  const image = contractOf("disk_image", "resource");
  const of = (url: string, sha256: string) => ({ path: "a.qcow2", source: { url, sha256 } });
  const was = applied(image, of("http://a.example/x", "AB".repeat(32)));
  expect(planOf(image, was, of("http://b.example/x", `sha256:${"ab".repeat(32)}`)).action).toBe("none");
  expect(planOf(image, was, of("http://b.example/x", "ac".repeat(32))).action).toBe("replace");
  const plain = applied(image, { path: "a.qcow2", source: { url: "HTTP://A.example/X" } });
  expect(planOf(image, plain, { path: "a.qcow2", source: { url: "http://a.EXAMPLE/X" } }).action).toBe("none");
  expect(planOf(image, plain, { path: "a.qcow2", source: { url: "http://a.example/x" } }).action).toBe("replace");
});

describe("what is left out", () => {
  const fields = (contract: typeof machine) => contract.input.filter(({ absent }) => absent !== undefined);
  const cases = contracts.flatMap((contract) => fields(contract).map((field) => ({ contract, field })));

  it.each(cases)("is what $field.name of $contract.name says that it is", ({ contract, field }) => {
    const base = { ...(contract.examples[0]?.input as ValueObject), [field.name]: null };
    const given = { ...base, [field.name]: field.absent as Value };
    // The face that asks has what it wrote, in both directions.
    for (const [was, wanted] of [
      [base, given],
      [given, base],
    ] as const) {
      const made = planOf(contract, applied(contract, was), wanted);
      expect(made.reasons).toEqual([]);
      expect(made.action).toBe("none");
      expect((made.planned?.[field.name] ?? null) === null).toBe(wanted[field.name] === null);
    }
    expect(validateFields([field as Field], { [field.name]: field.absent as Value })).toEqual([]);
  });

  it("changes a forward of the network that nobody declared while the machine runs", () => {
    const was = applied(machine, { name: "web" });
    const forwards = { ssh: { guest_port: 22 }, http: { guest_port: 80 } };
    const made = planOf(machine, was, { name: "web", networks: { default: { forwards } } });
    expect(made.changes.map(({ path, policy }) => [formatPath(path), policy])).toEqual([
      ["networks.default.forwards.http", "live"],
    ]);
    const { planned } = planOf(machine, { ...made.planned, running: true }, { name: "web" });
    expect(isObject(planned ?? null) && planned?.networks).toBe(null);
  });
});

describe("a size that nobody means", () => {
  const faults = (contract: string, config: ValueObject) =>
    validateFields(contractOf(contract).input, config).map(({ code, help }) => `${code} ${help}`);

  it.each([
    ["virtual_machine", { name: "a", memory: 2048 }, "E_SIZE_UNIT Write 2048M where MiB are meant."],
    ["virtual_machine", { name: "a", memory: "2048" }, "E_SIZE_UNIT Write 2048M where MiB are meant."],
    ["virtual_machine", { name: "a", memory: "512K" }, "E_SIZE_SMALL Write it with its unit: 512M, 2G."],
    ["virtual_machine", { name: "a", balloon: 512 }, "E_SIZE_UNIT Write 512M where MiB are meant."],
    ["virtual_machine", { name: "a", console_log_size: 16 }, "E_SIZE_UNIT Write 16G where GiB are meant, 16M for MiB."],
    [
      "virtual_machine",
      { name: "a", disks: { d: { image: "x", overlay: true, size: 20 } } },
      "E_SIZE_UNIT Write 20G where GiB are meant, 20M for MiB.",
    ],
    ["disk_image", { path: "a", size: 20 }, "E_SIZE_UNIT Write 20G where GiB are meant, 20M for MiB."],
    [
      "disk_image",
      { path: "a", layout: { partitions: [{ name: "swap", size: 512 }] } },
      "E_SIZE_UNIT Write 512M where MiB are meant.",
    ],
  ] as const)("of %s is refused with what was meant: %j", (contract, config, said) => {
    expect(faults(contract, config as unknown as ValueObject)).toEqual([said]);
  });

  it("is refused where a disk cannot have it, with the next that it can", () => {
    const disks = { root: { image: "a", overlay: true, size: "1000001K" } };
    expect(faults("disk_image", { path: "a", size: 2 ** 20 + 1 })).toEqual([`E_SIZE_ALIGNMENT Use ${2 ** 20 + 512}.`]);
    expect(faults("virtual_machine", { name: "a", disks })).toEqual([]);
    expect(faults("virtual_machine", { name: "a", disks: { root: { ...disks.root, size: "1048577B" } } })).toEqual([
      `E_SIZE_ALIGNMENT Use ${2 ** 20 + 512}.`,
    ]);
  });

  it("is taken where it is written with its unit, or large enough for bytes", () => {
    expect(faults("disk_image", { path: "a", size: "512K" })).toEqual([]);
    expect(faults("disk_image", { path: "a", size: 1_048_576 })).toEqual([]);
    expect(faults("virtual_machine", { name: "a", memory: 268_435_456 })).toEqual([]);
  });
});
