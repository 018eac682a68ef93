import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inspect, open } from "../../../core/inspect/index.ts";
import { withMount } from "../../support/mounted.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("subvolumes");

/** A btrfs over `count` devices, filled by a script in its mounted top, which finds its UUID in $2: the kernel mounts each once. */
async function made(name: string, script: string, count = 1): Promise<readonly string[]> {
  const files = Array.from({ length: count }, (_, index) => join(dir, `${name}-${index}.img`));
  for (const file of files) await run("truncate", ["-s", "160M", file]);
  const uuid = randomUUID();
  await run("mkfs.btrfs", ["-q", "-U", uuid, "-d", count > 1 ? "raid0" : "single", ...files]);
  await withMount(files, "rw", (mount) => run("sh", ["-ec", `cd "$1"; uuid=$2\n${script}`, "sh", mount, uuid]));
  return files;
}

const SYSTEM = `
  system() { mkdir -p "$1/etc" "$1/usr/bin" "$1/home" "$1/srv"; echo x > "$1/usr/bin/x"
    printf 'ID=%s\\n' "$2" > "$1/etc/os-release"; printf '%s\\n' "$3" > "$1/etc/fstab"; }
  snapshots() { mkdir -p "$1/.snapshots"; for n in $(seq "$2"); do mkdir "$1/.snapshots/$n"
    btrfs -q subvolume snapshot -r "$1" "$1/.snapshots/$n/snapshot"; done; }`;

describe("systems in subvolumes", () => {
  it("are one, whatever snapshots of it there are; a snapshot is one where it is chosen", async () => {
    const [image = ""] = await made(
      "fedora",
      `${SYSTEM}
      btrfs -q subvolume create root; btrfs -q subvolume create home; mkdir home/me; echo mine > home/me/file
      system root before "UUID=$uuid / btrfs subvol=root 0 0
UUID=$uuid /home btrfs subvol=/home 0 0
UUID=$uuid /srv btrfs subvolid=999999 0 0"
      snapshots root 12
      sed -i s/before/fedora/ root/etc/os-release`,
    );
    const report = await inspect(image);
    expect(report.operating_systems.map(({ root, distro }) => `${distro} ${root}`)).toEqual([
      "fedora btrfsvol:/dev/sda/root",
    ]);
    expect(report.mounts.map(({ target, device }) => `${target} ${device}`)).toEqual([
      "/ btrfsvol:/dev/sda/root",
      "/home btrfsvol:/dev/sda/home",
    ]);
    expect(report.warnings).toEqual([
      "btrfsvol:/dev/sda/root: /srv is not mounted: /dev/sda has no such subvolume (subvolid=999999)",
    ]);
    const named = report.filesystems.map(({ device }) => device);
    expect(named).toHaveLength(15);
    const snapshot = "btrfsvol:/dev/sda/root/.snapshots/3/snapshot";
    expect(named).toContain(snapshot);
    expect(await inspect(image, { filesystem: snapshot })).toMatchObject({ distro: "before", root: snapshot });
    expect(await inspect(image, { filesystem: "sda" })).toMatchObject({ distro: "fedora" });
    await using disk = await open(image);
    const tree = await disk.tree();
    expect(await tree.readText("/home/me/file")).toBe("mine\n");
    expect(await tree.readText("/.snapshots/12/snapshot/etc/os-release")).toBe("ID=before\n");
  });

  it("are the default one where fstab names none, also after a roll-back to a snapshot", async () => {
    const [image = ""] = await made(
      "suse",
      `${SYSTEM}
      mkdir -p @/.snapshots/1; btrfs -q subvolume create @/.snapshots/1/snapshot
      system @/.snapshots/1/snapshot first ""
      snapshots @/.snapshots/1/snapshot 3
      mkdir @/.snapshots/2; btrfs -q subvolume snapshot @/.snapshots/1/snapshot @/.snapshots/2/snapshot
      echo ID=second > @/.snapshots/2/snapshot/etc/os-release
      btrfs subvolume set-default @/.snapshots/2/snapshot`,
    );
    const { operating_systems } = await inspect(image);
    expect(operating_systems.map(({ distro }) => distro)).toEqual(["second"]);
    expect(operating_systems[0]?.root).toBe("btrfsvol:/dev/sda/@/.snapshots/2/snapshot");
    await using disk = await open(image);
    const top = await disk.tree({ filesystem: "btrfsvol:/dev/vda/" });
    expect(await top.names("/")).toEqual(["@"]);
  });

  it("lie on two devices: opened once, from the first", async () => {
    const [one = "", two = ""] = await made(
      "pair",
      `${SYSTEM}\nsystem . pair ""\nhead -c 3000000 /dev/urandom > big`,
      2,
    );
    await using disk = await open(one, { with: [two] });
    expect(disk.nodes.map(({ device, fs, partOf }) => [device, fs !== null, partOf])).toEqual([
      ["/dev/sda", true, null],
      ["/dev/sdb", false, "/dev/sda"],
    ]);
    expect((await (await disk.tree()).readFile("/big"))?.length).toBe(3_000_000);
    expect(await (await disk.tree({ filesystem: "sdb" })).readText("/etc/os-release")).toBe("ID=pair\n");
    const report = await inspect(one, { with: [two] });
    expect(report).toMatchObject({ distro: "pair", warnings: [], filesystems: [{ error: null }, { error: null }] });
  });
});
