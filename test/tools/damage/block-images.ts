import { data, MIB, mixed, ONE, plan, THREE, TWO } from "../../support/made-images/expect.ts";
import { contentOf, type Plan } from "../../support/made-images/plan.ts";
import { makeVdi } from "../../support/made-images/vdi.ts";
import { makeFixedVhd, makeVhd } from "../../support/made-images/vhd.ts";
import { layLog, makeVhdx, VHDX_PLACES } from "../../support/made-images/vhdx.ts";

const zero = { kind: "zero" } as const;
const BASE = { 0: data(1), 2: data(3) };
const CHILD = { 0: mixed(5, (sector) => sector % 3 === 0), 2: data(6) };
const part = (block: number): Plan => plan(3 * block - 4096, block, BASE);
const over = (block: number): Plan => plan(3 * block, block, CHILD);

/** VDI, VHD and VHDX of a few blocks, alone and over one another, and a VHDX whose table stands in its log alone; by name. */
export function blockImages(): ReadonlyMap<string, Uint8Array> {
  const id = { id: ONE };
  const vdi = { ...part(64 << 10), blocks: plan(0, 1, { ...BASE, 1: zero }).blocks };
  const vhdx = { ...part(MIB), ...id, dataWriteGuid: ONE };
  const locator = { parent_linkage: `{${ONE}}`, relative_path: "vhdx-base", absolute_win32_path: "C:\\vhdx-base" };
  const locators = { W2ru: "vhd-base", W2ku: "C:\\vhd-base" };
  return new Map([
    ["vdi-base", makeVdi({ ...vdi, ...id, modification: TWO })],
    [
      "vdi-child",
      makeVdi({
        ...plan(3 << 16, 64 << 10, { 1: zero, 2: data(8) }),
        id: TWO,
        modification: THREE,
        parent: { ...id, modification: TWO },
      }),
    ],
    ["vhd-base", makeVhd({ ...part(32 << 10), ...id })],
    ["vhd-child", makeVhd({ ...over(32 << 10), id: TWO, parent: { ...id, name: "vhd-base", locators } })],
    ["vhd-fixed", makeFixedVhd(contentOf(1, 40 << 10), ONE)],
    ["vhdx-base", makeVhdx(vhdx)],
    ["vhdx-child", makeVhdx({ ...over(MIB), id: TWO, dataWriteGuid: TWO, parent: locator })],
    ["vhdx-log", logged(vhdx)],
  ]);
}

function logged(made: Parameters<typeof makeVhdx>[0]): Uint8Array {
  const bytes = makeVhdx(made);
  const table = { at: VHDX_PLACES.bat, bytes: bytes.slice(VHDX_PLACES.bat, VHDX_PLACES.bat + 4096) };
  bytes.fill(0, table.at, table.at + 4096);
  layLog(bytes, made, [
    {
      sequence: 5,
      tail: 0,
      changes: [
        { at: table.at, bytes: contentOf(9, 4096) },
        { at: table.at, zeros: 4096 },
      ],
    },
    { sequence: 6, tail: 0, changes: [table] },
  ]);
  return bytes;
}
