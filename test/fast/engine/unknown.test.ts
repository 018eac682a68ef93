import { describe, expect, it } from "vitest";
import { hasErrors } from "../../../core/engine/diagnostic.ts";
import { contractOf, type Field, type FieldType } from "../../../core/model/index.ts";
import { isList, isObject, UNKNOWN, type Value, type ValueObject } from "../../../core/model/value.ts";
import { createEngine } from "../../../core/resource/index.ts";
import { mutate, type Palette } from "../../support/promises/palette.ts";
import { palettes } from "../../support/promises/palettes.ts";
import { Random } from "../../support/random.ts";

const engine = createEngine();
const DECLARATIONS = 60;
const CHANGES = 12;
const MASKS = 6;

const guest = { kernel: "/kernel", initrd: "/initrd", cmdline: "quiet" };
const ground = { folder: "/ground", sha256: "a".repeat(64), guest } as never;

/** Of fields that are dear to carry out, and cost nothing here, where none is. */
const MORE: Readonly<Record<string, readonly Value[]>> = {
  format: ["raw", "qcow2"],
  bootstrap: [{ release: "bookworm" }],
  "layout.partitions.*.filesystem": ["ext4", "vfat", "xfs", "swap"],
  "disks.*.sector_size": [512, 4096],
  template_vm: ["other"],
  "networks.*.kind": ["user", "bridge", "tap", "link", "socket", "stream", "passt"],
  "networks.*.bridge": ["br0"],
  "networks.*.tap": ["tap0"],
  "networks.*.peer": ["other"],
  "networks.*.group": ["230.0.0.1:4000"],
  "networks.*.path": ["/run/socket"],
  "shares.*.path": ["/shared"],
  "shares.*.mount": ["/mnt"],
  "shares.*.options.*": ["ro"],
  firmware: ["bios", "uefi"],
  provision: [[{ inline: ["true"] }], [{ file: "/script" }], [{ inline: ["true"], user: "me" }]],
  wait_for: [[], [{ condition: "port", port: 80 }], [{ condition: "console", text: "login" }]],
  "checks.profiles.*": ["hardened"],
  "checks.rules.*.title": ["a title"],
  "checks.rules.*.package.name": ["a"],
  "checks.rules.*.package.version": [">= 1"],
  "checks.rules.*.file": [
    { path: "/a" },
    { path: "/a", state: "absent" },
    { path: "/a", state: "optional", lacks: "x" },
    { path: "/a", mode: "0644", matches: "^a" },
  ],
  "checks.rules.*.service.name": ["a"],
  "checks.rules.*.user.name": ["a"],
  "checks.rules.*.user.uid": [7],
  "checks.rules.*.user.shell": ["/bin/sh"],
  "checks.rules.*.user.groups.*": ["a"],
  "checks.rules.*.sshd": [{ setting: "UsePAM", allowed: ["yes"] }],
  "checks.rules.*.certificates": [{ days: 7 }],
  "checks.rules.*.leftovers": [{ kinds: ["logs"] }],
  "checks.waivers": [[{ check: "a", reason: "a test", until: "2999-12-31" }]],
  "checks.file": ["/rules.yaml"],
};

/** Every field that costs much to carry out is drawn as well: nothing is. */
function whole({ values, leftOut, ...palette }: Palette): Palette {
  const { checks: _, ...kept } = values;
  const drawn = { ...kept, ...MORE };
  const names = Object.keys(leftOut).filter((path) => !(path in drawn));
  return {
    ...palette,
    values: drawn,
    often: ["layout", "provision", "networks", "checks"],
    leftOut: Object.fromEntries(names.map((path) => [path, "no value"])),
  };
}

/** The same, of which some is not known yet: also what is not said, since that may become null. */
function masked(fields: readonly Field[], given: ValueObject, random: Random): ValueObject {
  const each = fields.map(({ name, type }): readonly [string, Value] => [
    name,
    random.below(8) === 0 ? UNKNOWN : within(type, given[name] ?? null, random),
  ]);
  return Object.fromEntries(each.filter(([, value]) => value !== null));
}

function within(type: FieldType, value: Value, random: Random): Value {
  if (type.kind === "object" && isObject(value)) return masked(type.fields, value, random);
  if (type.kind === "list" && isList(value)) return value.map((each) => element(type.element, each, random));
  if (type.kind !== "map" || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, element(type.element, each, random)]));
}

const element = (type: FieldType, value: Value, random: Random) =>
  random.below(8) === 0 ? UNKNOWN : within(type, value, random);

describe.each(palettes(ground).map((each) => [each.contract, whole(each)] as const))("%s", (name, palette) => {
  const contract = contractOf(name, "resource");
  const problemsOf = async (declared: ValueObject) =>
    (await engine.validate(contract, declared)).filter((each) => hasErrors([each]));

  it("is not refused for what is not known yet where it is right once that is known", async () => {
    const random = new Random(14);
    const wrong = new Map<string, unknown>();
    for (let round = 0; round < DECLARATIONS; round++) {
      let declared = palette.start;
      for (let change = 0; change < CHANGES; change++) {
        const drawn = mutate(contract.input, declared, palette, random);
        if ((await problemsOf(drawn)).length === 0) declared = drawn;
      }
      for (let mask = 0; mask < MASKS; mask++) {
        const seen = masked(contract.input, declared, random);
        for (const { code, path, message } of await problemsOf(seen))
          wrong.set(code, { path, message, seen, declared });
      }
    }
    expect([...wrong]).toEqual([]);
  });
});
