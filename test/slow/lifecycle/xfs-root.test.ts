import { join } from "node:path";
import { expect, it } from "vitest";
import { PATIENCE } from "../../support/declared.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { xfsGuest } from "../../support/xfs-guest.ts";

it("a system on xfs is not objected to, boots from its disk, and what it wrote is read", async () => {
  const source = { url: await xfsGuest() };
  await using host = await MachineHost.open();
  const web = {
    ...{ memory: "256M", firmware: "bios", running: false },
    disks: { root: { image: "${disk_image.root.id}" } },
    wait_for: [{ condition: "agent", timeout: PATIENCE }],
  };
  const said = await host.apply({ web }, 0, { disk_image: { root: { path: "root.qcow2", source } } });
  expect(said).not.toMatch(/warning|P_/i);
  expect(await host.text(["vm", "check", "web", "--json"])).toBe("");
  await host.text(["vm", "up", "web"]);
  const inside = (script: string) => host.text(["vm", "exec", "--via", "agent", "web", "--", "sh", "-c", script]);
  expect(await inside("grep ' / ' /proc/mounts")).toMatch(/^\/dev\/[vs]da2 \/ xfs rw/m);
  await inside("seq 100000 > /root/written; ln /root/written /root/twice; sync");
  const told = await inside("sha256sum < /root/written");
  await host.text(["vm", "stop", "web"]);
  const image = join(host.folder, "root.qcow2");
  const read = await host.text(["cat", image, "/root/twice"]);
  expect(read).toBe(Array.from({ length: 100_000 }, (_, at) => `${at + 1}\n`).join(""));
  expect(told).toMatch(/^[0-9a-f]{64}/);
});
