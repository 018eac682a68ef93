import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findEngine } from "../../support/engines.ts";
import { PulumiProject } from "../../support/pulumi.ts";
import { scratch } from "../../support/scratch.ts";

const binary = findEngine("pulumi");

/** A machine that never starts: the face, not the boot. */
const program = (fields: string) => `
  const image = new guestkit.DiskImage("root", { path: "root.qcow2", size: "64M" });
  const machine = new guestkit.VirtualMachine("web", {
    name: "web",
    running: false,
    preflight: "off",
    disks: { root: { image: image.id, overlay: true } },
    networks: { lan: { forwards: { ssh: { guestPort: 22 } } } },
    ${fields}
  });
  exports.id = machine.id;
  exports.firmware = machine.firmware;
`;

describe.skipIf(!binary)("machines through Pulumi", () => {
  it("are made, unchanged the second time, changed in place and removed", async () => {
    const stack = await PulumiProject.create(String(binary), join(await scratch("pulumi"), "project"));
    const succeeds = (ran: { code: number; text: string }) => expect(ran, ran.text).toMatchObject({ code: 0 });
    const data = join(stack.folder, "data");
    succeeds(await stack.pulumi("config", "set", "guestkit:dataDir", data));
    await stack.write(program(""));
    succeeds(await stack.up());
    expect(await stack.outputs()).toEqual({ id: "web", firmware: "bios" });
    succeeds(await stack.preview("--expect-no-changes"));
    await stack.write(program("cpus: 2,"));
    const changed = await stack.up();
    succeeds(changed);
    expect(changed.text).toContain("~ 1 updated");
    expect(await readdir(join(data, "machines"))).toContain("web");
    succeeds(await stack.destroy());
    expect(await readdir(join(data, "machines"))).toEqual([]);
  });
});
