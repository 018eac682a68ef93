import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exploreDevices } from "../../../core/disk/explore.ts";
import { keyRing } from "../../../core/disk/keys.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { noCodec } from "../../../core/source/codec.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { type StackKind, stackKinds } from "../../../core/volume/index.ts";

/** A device's text: `set GROUP UUID COUNT|CONTENT` makes of COUNT members a device of the first one's content. */
const PATTERN = /^set (\S+) (\S+) (\d+)\|/;
const encode = (text: string) => new TextEncoder().encode(text);

const textOf = async (source: Parameters<StackKind["probe"]>[0]) =>
  new TextDecoder().decode(await source.read(0, source.size));

let assembled = 0;
const sets: StackKind = {
  type: "set_member",
  probe: async (source) => PATTERN.test(await textOf(source)),
  read: async (member) => {
    const [, group = "", uuid = ""] = PATTERN.exec(await textOf(member.source)) ?? [];
    if (uuid === "bad") throw new GuestkitError("E_SET", "Cannot read the mark: it is damaged");
    return { member, uuid, label: null, group };
  },
  assemble: async (labels) => {
    assembled++;
    const text = await textOf(labels[0]?.member.source ?? memorySource(encode("")));
    const lacks = Number(PATTERN.exec(text)?.[3]) - labels.length;
    const source = memorySource(encode(text.replace(PATTERN, "")));
    const name = labels[0]?.group ?? "";
    const device = {
      kind: "array",
      device: `/dev/set/${name.replace(/\d+$/, "")}`,
      aliases: [`/dev/${name}`],
    } as const;
    const on = labels.map(({ member }) => member.device);
    return {
      name,
      uuid: null,
      missing: lacks > 0 ? [`${lacks} members`] : [],
      open: async () => {
        if (source.size === 0) throw new GuestkitError("E_SET_EMPTY", "Cannot open it: it is empty");
        const own = { uuid: null, size: source.size, on, source, error: null, details: {} };
        return { devices: [{ ...device, ...own }], warnings: [] };
      },
    };
  },
};

beforeEach(() => void stackKinds.push(sets));
afterEach(() => void stackKinds.splice(stackKinds.indexOf(sets), 1));

async function explore(...texts: readonly string[]) {
  const disks = texts.map((text) => memorySource(encode(text)));
  const { devices, lacking, warnings } = await exploreDevices(disks, {
    codec: noCodec,
    keys: keyRing({}, { open: async () => memorySource(encode("")) }),
  });
  const drawn = devices.map(({ device, error }) =>
    [device.device, ...device.on, error?.code].filter(Boolean).join(" "),
  );
  return { drawn, warnings: [...lacking, ...warnings] };
}

describe("the devices of disks", () => {
  it("are put together when all members are there, whichever way they come", async () => {
    const found = await explore("set b 1 1|set a 1 2|inner", "plain", "set a 2 2|inner");
    expect(found).toEqual({
      drawn: ["/dev/sda", "/dev/sdb", "/dev/sdc", "/dev/set/b /dev/sda", "/dev/set/a /dev/sdc /dev/set/b"],
      warnings: [],
    });
  });

  it("that lack members are opened when nothing else is left, and said", async () => {
    const found = await explore("set a 1 3|left", "set b 1 1|set a 2 3|");
    expect(found.drawn).toEqual(["/dev/sda", "/dev/sdb", "/dev/set/b /dev/sdb", "/dev/set/a /dev/sda /dev/set/b"]);
    expect(found.warnings).toEqual(["set_member a is not whole: it lacks 1 members"]);
  });

  it("leave out a copy of a member, and one that comes when its group is open", async () => {
    const copied = await explore("set a 1 1|x", "set a 1 1|x");
    expect(copied.drawn).toEqual(["/dev/sda", "/dev/sdb", "/dev/set/a /dev/sda"]);
    expect(copied.warnings).toEqual(["/dev/sdb is a copy of /dev/sda (UUID 1): it is left out"]);
    const late = await explore("set a 1 1|set a 2 1|x");
    expect(late.drawn).toEqual(["/dev/sda", "/dev/set/a /dev/sda"]);
    expect(late.warnings.join()).toMatch(/\/dev\/set\/a is left out/);
  });

  it("of one name are told apart", async () => {
    const found = await explore("set a1 1 1|x", "set a2 1 1|y");
    expect(found.drawn).toEqual(["/dev/sda", "/dev/sdb", "/dev/set/a /dev/sda", "/dev/set/a~2 /dev/sdb"]);
    expect(found.warnings.join()).toMatch(/\/dev\/set\/a is there twice: the one on \/dev\/sdb/);
  });

  it("end somewhere, however deep they are made", async () => {
    const deep = Array.from({ length: 40 }, (_, index) => `set g${index}x 1 1|`).join("");
    const { drawn } = await explore(`${deep}end`);
    expect(drawn).toHaveLength(18);
    expect(drawn.at(-1)).toMatch(/E_DISK_DEPTH$/);
  });

  it("are put together once for each member, however many groups lack others and hold one of the next", async () => {
    const [wide, deep] = [40, 10];
    const nested = (disk: number) => Array.from({ length: deep }, (_, level) => `set g${disk}x${level}x 1 2|`).join("");
    assembled = 0;
    const { drawn } = await explore(...Array.from({ length: wide }, (_, disk) => `${nested(disk)}end`));
    expect(drawn).toHaveLength(wide * (deep + 1));
    expect(assembled).toBe(wide * deep);
  });

  it("carry what is wrong with their marks and their groups", async () => {
    expect((await explore("set a bad 1|x", "set b 1 1|")).drawn).toEqual(["/dev/sda E_SET", "/dev/sdb E_SET_EMPTY"]);
  });
});
