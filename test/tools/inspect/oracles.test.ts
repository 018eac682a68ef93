import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseFstab } from "../../../core/guest/fstab.ts";
import { systemdDevice } from "../../../core/guest/fstab-systemd.ts";
import { readDpkg } from "../../../core/guest/packages/dpkg/index.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("oracles");

/** dpkg(1), package states. */
const STATES =
  "not-installed config-files half-installed unpacked half-configured triggers-awaited triggers-pending installed";

it("tells the status of each package as dpkg-query does, and leaves out those that are gone", async () => {
  const status = STATES.split(" ").map((state) => {
    const more = { "triggers-awaited": "Triggers-Awaited: p-installed\n", "triggers-pending": "Triggers-Pending: x\n" };
    const last = state === "not-installed" ? "" : `Version: 1-1\n${more[state as keyof typeof more] ?? ""}`;
    const wanted = state === "not-installed" || state === "config-files" ? "deinstall" : "install";
    return `Package: p-${state}\nStatus: ${wanted} ok ${state}\nMaintainer: me\nArchitecture: all\nDescription: x\n${last}`;
  });
  const admin = join(dir, "dpkg");
  await mkdir(join(admin, "updates"), { recursive: true });
  await mkdir(join(admin, "info"));
  await writeFile(join(admin, "status"), status.join("\n"));
  const format = ["-W", "-f", "${Package} ${db:Status-Status}\\n"];
  const told = (await run("dpkg-query", [`--admindir=${admin}`, ...format])).trim().split("\n");
  const there = told.filter((line) => !/ (?:not-installed|config-files)$/.test(line));
  const found = await readDpkg(await memoryTree({ "/var/lib/dpkg/status": status.join("\n") }));
  expect(found?.map((each) => `${each.name} ${each.status}`)).toEqual(there.sort());
  expect(there).toHaveLength(6);
});

const GENERATOR = "/usr/lib/systemd/system-generators/systemd-fstab-generator";
/** Names as people write them into fstab. */
const SPECS = [
  ...["UUID=89bbbcff-4540-4776-be33-4a52f227c09d", "UUID=89BBBCFF-4540-4776-BE33-4A52F227C09D", "UUID=ABCD-1234"],
  ...['UUID="abcd"', "UUID='abcd'", `UUID="abcd'`, 'UUID="', 'LABEL=a"b', 'LABEL="a"b"', "uuid=abcd", "PARTUUID=AB-01"],
  ...[
    "LABEL=data\\040disk",
    "LABEL=data\\x20disk",
    'LABEL="data\\040disk"',
    "LABEL=a\\134b",
    "LABEL=a\\\\b",
    "LABEL=a\\060b",
  ],
  ...["LABEL=grün/+-.:=@_#", "PARTLABEL=EFI\\040System", "LABEL=a%b(c)", "/dev/disk/by-label/data\\040disk"],
  ...["/dev/disk/by-label/data\\x20disk", "/dev/disk/by-uuid/89BB", "/dev/sda1", "/dev/mapper/a-b"],
];

it("waits for the device that systemd waits for, however it is spelled", async () => {
  const fstab = join(dir, "fstab");
  for (const [index, spec] of SPECS.entries()) {
    const text = `# ${spec}\n ${spec}\t/m ext4 defaults 0 0\n`;
    await writeFile(fstab, text);
    const out = join(dir, `units-${index}`);
    await mkdir(out);
    await run(GENERATOR, [out, out, out], { SYSTEMD_FSTAB: fstab, SYSTEMD_PROC_CMDLINE: "quiet" });
    const unit = await readFile(join(out, "m.mount"), "utf8");
    // In a unit, a backslash is written twice, and a percent sign as well.
    const what = /^What=(.*)$/m.exec(unit)?.[1]?.replaceAll("%%", "%").replaceAll("\\\\", "\\");
    const [entry] = parseFstab(text);
    expect(entry && (systemdDevice(entry) ?? entry.spec), spec).toBe(what);
  }
});
