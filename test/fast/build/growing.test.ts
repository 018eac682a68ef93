import { describe, expect, test } from "vitest";
import { type Candidate, chooseGrowing } from "../../../core/build/growing.ts";

const MIB = 2 ** 20;
const LINUX = "0fc63daf-8483-4772-8e79-3d69d8477de4";
const SWAP = "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f";
const ESP = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";
const END = 300 * MIB;

/** Partitions one after another from 1 MiB on. */
function disk(...parts: readonly (Partial<Candidate> & { readonly mib: number })[]): readonly Candidate[] {
  let at = MIB;
  return parts.map(({ mib, ...more }, index) => {
    const each = { number: index + 1, start: at, size: mib * MIB, type: LINUX, content: null, isRoot: false, ...more };
    at = each.start + each.size;
    return each;
  });
}

const root = { content: "ext4", isRoot: true };

describe("which partition grows", () => {
  test.each<[string, readonly Candidate[], number | null, RegExp]>([
    ["the last one", disk({ mib: 10, type: ESP }, { mib: 288, ...root }), 2, /^$/],
    ["the last one on the disk, whatever its number", disk({ mib: 1, number: 14 }, { mib: 298, number: 1 }), 1, /^$/],
    ["one that holds nothing that is known", disk({ mib: 298 }), 1, /^$/],
    ["none on an empty table", [], null, /^$/],
    [
      "none where swap stands behind the root",
      disk({ mib: 200, ...root }, { mib: 98, type: SWAP, content: "swap" }),
      null,
      /^partition 1 \(ext4, root\) cannot grow: .* partition 2 \(swap\) stays as large as it is$/,
    ],
    ["swap by its content", disk({ mib: 200 }, { mib: 98, content: "swap" }), null, /partition 2 \(swap\) stays/],
    ["swap that was never made, by its type", disk({ mib: 200 }, { mib: 98, type: "0x82" }), null, /2 \(swap\) stays/],
    [
      "several behind",
      disk({ mib: 100, ...root }, { mib: 100, content: "swap" }, { mib: 98, type: ESP, content: "vfat" }),
      null,
      /partition 1 \(ext4, root\) cannot grow: .*partition 2 \(swap\) and partition 3 \(EFI system partition\) stay/,
    ],
    ["nothing but swap", disk({ mib: 298, content: "swap" }), null, /^no partition grows: partition 1 \(swap\) stays/],
    [
      "free space that somebody left",
      disk({ mib: 100, ...root }),
      null,
      /the last one, partition 1 \(ext4, root\), ends 208666624 bytes before the end/,
    ],
    [
      "partitions over one another",
      disk({ mib: 100 }, { mib: 200, start: 50 * MIB }),
      null,
      /partitions 1 and 2 overlap/,
    ],
  ])("%s", (_name, partitions, number, says) => {
    const choice = chooseGrowing(partitions, END);
    expect(choice.number).toBe(number);
    expect(choice.stays.join()).toMatch(says);
    expect(choice.stays).toHaveLength(says.source === "^$" ? 0 : 1);
  });
});
