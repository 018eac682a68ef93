import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ValueObject } from "../../../core/model/value.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { microGuest } from "../../support/micro-guest/index.ts";

interface Status {
  readonly pid: number;
  readonly mounts: readonly { path: string; mount: string; kind: string; read_only: boolean; declared: boolean }[];
}

it("gives a running machine folders and takes them away, by verbs and by its declaration", async () => {
  const guest = await microGuest();
  await using host = await MachineHost.open();
  const site = join(host.folder, "a site, 'quoted'");
  await mkdir(site);
  await writeFile(join(site, "index"), "from the host\n");
  const boot = { kernel: guest.kernel, initrd: guest.initrd, cmdline: guest.cmdline, memory: "384M" };
  const web = (shares: ValueObject): ValueObject => ({
    ...{ ...boot, shares, networks: { lan: { isolated: true } } },
    wait_for: [{ condition: "agent", timeout: 300 }],
  });
  const sh = (line: string, code = 0) => host.text(["vm", "exec", "web", "--", "sh", "-c", line], code);
  const status = () => host.json<Status>(["vm", "status", "web"]);

  await host.apply({ web: web({}) });
  const { pid, mounts } = await status();
  expect(mounts).toEqual([]);
  await host.text(["vm", "mount", "web", site, "/srv/site"]);
  await host.text(["vm", "mount", "web", site, "/srv/still", "--kind", "smb", "--read-only"]);
  expect((await status()).mounts).toEqual([
    { path: site, mount: "/srv/site", kind: "sshfs", read_only: false, declared: false },
    { path: site, mount: "/srv/still", kind: "smb", read_only: true, declared: false },
  ]);
  expect(await sh("cat /srv/site/index /srv/still/index; echo from the guest > /srv/site/back")).toBe(
    "from the host\nfrom the host\n",
  );
  expect(await readFile(join(site, "back"), "utf8")).toBe("from the guest\n");
  await sh("touch /srv/still/no", 1);
  const refused = await host.run(["vm", "mount", "web", host.folder, "/srv/site"]);
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringMatching(/is mounted there/)]);
  expect(await host.plan()).toEqual({});

  await sh("cd /srv/site && (sleep 600 >/dev/null 2>&1 & echo $! >/tmp/user)");
  const busy = await host.run(["vm", "umount", "web", "/srv/site"]);
  expect([busy.exitCode, busy.stderr]).toEqual([1, expect.stringMatching(/Cannot unmount "\/srv\/site".*busy/i)]);
  await sh("kill $(cat /tmp/user); sleep 1");
  await host.text(["vm", "umount", "web", "/srv/site"]);
  expect(await sh("ls /srv/site")).toBe("");

  const data = { path: site, kind: "sshfs", mount: "/srv/data" };
  await host.apply({ web: web({ data }) });
  expect(await sh("cat /srv/data/back")).toBe("from the guest\n");
  await host.apply({ web: web({ data: { ...data, read_only: true } }) });
  await sh("touch /srv/data/no", 1);
  const declared = await host.run(["vm", "umount", "web", "/srv/data"]);
  expect(declared.stderr).toMatch(/it is the declared share "data"/);
  await host.apply({ web: web({}) });
  expect(await sh("ls /srv/data; grep -c ' /srv/' /proc/mounts")).toBe("1\n");
  // Nothing of it was a restart, and what was mounted by hand is there still.
  const after = await status();
  expect([after.pid, after.mounts.map(({ mount }) => mount)]).toEqual([pid, ["/srv/still"]]);
  expect(await host.plan()).toEqual({});

  await host.text(["vm", "stop", "web"]);
  expect((await status()).mounts).toEqual([]);
  expect((await host.remains()).processes).toEqual([]);
}, 600_000);

it("refuses shares that a machine cannot have, before anything is made", async () => {
  const guest = await microGuest();
  await using host = await MachineHost.open();
  const boot = { kernel: guest.kernel, initrd: guest.initrd, cmdline: guest.cmdline };
  const refusal = (share: ValueObject, more: ValueObject = {}) =>
    host.apply({ web: { ...boot, shares: { data: { path: host.folder, ...share } }, ...more } }, 1);
  expect(await refusal({ kind: "sshfs" }, { networks: { lan: { kind: "passt" } } })).toMatch(/network of kind user/);
  expect(await refusal({ kind: "sshfs", ownership: "map" })).toMatch(/sshfs cannot keep the guest's owners/);
  expect(await refusal({ kind: "9p", options: ["noatime,trans=fd"] })).toMatch(/is no mount option/);
  expect(await refusal({ kind: "nfs" })).toMatch(/share data is nfs, and .*(file system by itself|root alone may)/);
  expect((await host.remains()).processes).toEqual([]);
});
