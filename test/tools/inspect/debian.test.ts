import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { describe as describeReport } from "../../../cli/verb/inspect/describe.ts";
import { info, inspect, open, type Report } from "../../../core/inspect/index.ts";
import { inspectionReport } from "../../../core/model/inspection-report.ts";
import { DEBIAN, type DebianImage, debianImage } from "../../support/debian-fixture.ts";
import { run, scratch } from "../../support/run.ts";

let image: DebianImage;
let report: Report;
/** /etc, /boot and the dpkg database of the tree that the image was made from. */
const tree = await scratch("debian");

beforeAll(async () => {
  image = await debianImage();
  await run("tar", ["-C", tree, "-xf", image.tar, "./etc", "./boot", "./var/lib/dpkg", "./usr/lib/os-release"]);
  report = await inspect(image.path);
});

describe("inspection of a real Debian 12", () => {
  it("has the shape of its schema", () => {
    expect(inspectionReport.strict().parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.operating_systems).toHaveLength(1);
    expect(report).toMatchObject(report.operating_systems[0] ?? {});
  });

  it("names the system", () => {
    expect(report).toMatchObject({
      format_version: 1,
      os_type: "linux",
      distro: "debian",
      version: "12",
      product_name: "Debian GNU/Linux 12 (bookworm)",
      codename: "bookworm",
      hostname: DEBIAN.hostname,
      machine_id: DEBIAN.machineId,
      arch: "x86_64",
      root: "/dev/sda2",
      package_format: "deb",
      timezone: DEBIAN.timezone,
      locale: "C.UTF-8",
    });
  });

  it("is told to people by what starts it, what brings it on a network, and what waits for others in it", () => {
    const told = describeReport(report);
    expect(told).toMatch(/^Boot loader: +.*grub \(efi\)/m);
    expect(told).toMatch(/^Networks: +lo eth0 \(ifupdown\), ens3 \(netplan\)$/m);
    expect(told).toMatch(/^cloud-init: +22\.\S+, starts by itself$/m);
    expect(told).toMatch(/^Guest agent: +1:7\.\S+, starts by itself$/m);
  });

  it("lists the packages that dpkg-query lists", async () => {
    const fields = ["Package", "Version", "Architecture", "db:Status-Status", "source:Package", "Installed-Size"];
    const format = `${fields.map((field) => `\${${field}}`).join("\t")}\n`;
    const told = await run("dpkg-query", [`--admindir=${tree}/var/lib/dpkg`, "-W", "-f", format]);
    const ours = (report.packages ?? []).map((each) => {
      const version = `${each.epoch === null ? "" : `${each.epoch}:`}${each.version}${each.release === null ? "" : `-${each.release}`}`;
      const size = each.size === null ? "" : String(each.size / 1024);
      return [each.name, version, each.arch, each.status, each.source, size].join("\t");
    });
    expect(ours.length).toBeGreaterThan(200);
    expect(ours.toSorted()).toEqual(told.trimEnd().split("\n").toSorted());
  });

  it("lists users and groups, and no password", async () => {
    const passwd = (await readFile(join(tree, "etc/passwd"), "utf8")).trimEnd().split("\n");
    const spelled = report.users?.map((u) => [u.name, "x", u.uid, u.gid, u.gecos ?? "", u.home, u.shell].join(":"));
    expect(spelled).toEqual(passwd);
    const group = (await readFile(join(tree, "etc/group"), "utf8")).trimEnd().split("\n");
    expect(report.groups?.map((g) => [g.name, "x", g.gid, g.members.join(",")].join(":"))).toEqual(group);
    expect(report.users?.find(({ name }) => name === "user")?.groups).toEqual(["sudo", "user"]);
    expect(JSON.stringify(report)).not.toMatch(/\$[0-9a-z]+\$/);
  });

  it("assembles /, /home and the ESP, and names what is not there", () => {
    expect(report.mounts).toEqual([
      { target: "/", device: "/dev/sda2", type: "ext4", options: "errors=remount-ro" },
      { target: "/boot/efi", device: "/dev/sda1", type: "vfat", options: "umask=0077" },
      { target: "/home", device: "/dev/sda3", type: "ext4", options: "defaults,nodev" },
    ]);
    expect(report.warnings).toEqual(["/dev/sda2: /srv is not mounted: LABEL=gone is not on this disk"]);
  });

  it("lists the file systems that blkid and sfdisk tell", async () => {
    const table = JSON.parse(await run("sfdisk", ["--json", image.raw])).partitiontable;
    for (const [index, partition] of table.partitions.entries()) {
      const place = ["--offset", String(partition.start * 512), "--size", String(partition.size * 512)];
      const told = await run("blkid", ["-p", "-o", "export", ...place, image.raw]);
      const of = (key: string) => new RegExp(`^${key}=(.*)$`, "m").exec(told)?.[1];
      expect(report.filesystems[index]).toMatchObject({
        device: `/dev/sda${index + 1}`,
        type: of("TYPE"),
        uuid: of("UUID"),
        label: of("LABEL"),
        size: partition.size * 512,
        partition_uuid: partition.uuid.toLowerCase(),
        partition_name: partition.name,
        error: null,
      });
    }
    expect(report.filesystems).toHaveLength(table.partitions.length);
  });

  it("finds kernel, units, network, boot loaders and agents", async () => {
    const [kernel] = (await run("ls", [join(tree, "boot")])).match(/(?<=vmlinuz-).*/g) ?? [];
    expect(report.kernels).toMatchObject([
      { version: kernel, image: `/boot/vmlinuz-${kernel}`, modules: `/lib/modules/${kernel}` },
    ]);
    const links = await run("find", [join(tree, "etc/systemd/system"), "-path", "*.wants/*", "-printf", "%f\n"]);
    const enabled = report.units?.enabled.map(({ name }) => name);
    expect(enabled).toEqual([...new Set(links.trimEnd().split("\n"))].sort());
    expect(enabled).toContain("ssh.service");
    expect(report.network?.map(({ kind }) => kind)).toEqual(["ifupdown", "netplan"]);
    expect(report.bootloader?.loaders.map(({ name }) => name).sort()).toEqual(["fallback", "grub", "uki"]);
    expect(report.cloud_init).toMatchObject({ installed: true, enabled: true });
    expect(report.guest_agent).toMatchObject({ installed: true, enabled: true });
  });

  it("is the same of the raw disk", async () => {
    expect(await inspect(image.raw, { format: "raw" })).toEqual(report);
  });
});

describe("info of a real disk", () => {
  it("is what qemu-img and sfdisk tell", async () => {
    const told = JSON.parse(await run("qemu-img", ["info", "--output=json", image.path]));
    const table = JSON.parse(await run("sfdisk", ["--json", image.raw])).partitiontable;
    const ours = await info(image.path);
    expect(ours).toMatchObject({
      format: "qcow2",
      virtual_size: told["virtual-size"],
      actual_size: told["actual-size"],
      partition_table: "gpt",
      backing_chain: [],
      snapshots: [],
    });
    expect(ours.partitions.map(({ start, size }) => [start / 512, size / 512])).toEqual(
      table.partitions.map(({ start, size }: { start: number; size: number }) => [start, size]),
    );
  });
});

describe("the tree of a real disk", () => {
  it("is the root with its mounts, or the partition that was chosen", async () => {
    await using disk = await open(image.path);
    expect(await (await disk.tree()).readText("/home/user/many/77")).toBe("77\n");
    expect(await (await disk.tree({ partition: 3 })).readText("/user/many/77")).toBe("77\n");
    expect(await (await disk.tree({ filesystem: "/dev/sda1" })).names("/EFI")).toEqual(["BOOT", "Linux", "debian"]);
    await expect(disk.tree({ partition: 4 })).rejects.toMatchObject({ code: "E_TREE_UNKNOWN" });
  });
});
