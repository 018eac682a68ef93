import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { type Appliance, withAppliance } from "../../../core/appliance/appliance.ts";
import { runInAppliance } from "../../../core/appliance/shared.ts";
import { imageNode } from "../../../core/qemu/block/node.ts";
import { applianceContext, emptyDisk } from "../../support/appliance.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const MIB = 1 << 20;
/** LUKS of the cheapest kind: what is tried is not how long a passphrase takes. */
const STACK = `set -e
printf secret > /tmp/key
cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file /tmp/key /disk/stack
cryptsetup open --key-file /tmp/key /disk/stack opened
vgcreate -qq vg0 /dev/mapper/opened && lvcreate -qq -n root -l 100%FREE vg0
mkfs.xfs -q /dev/vg0/root
mount /dev/vg0/root /mnt
mkdir "/mnt/a folder" && mount -t tmpfs inner "/mnt/a folder"
dd if=/dev/zero of=/mnt/looped bs=1M count=4 2> /dev/null && losetup -f /mnt/looped
echo kept > /mnt/note
sleep 1000 &
cat > /dev/null < /mnt/note
`;
const AGAIN = `set -e
printf secret | cryptsetup open --key-file - /disk/stack opened
vgchange -qq -ay vg0
mount /dev/vg0/root /mnt
cat /mnt/note
echo "told as it is said" >&2
mkdir /sent/files/below
cp /mnt/note /sent/files/below/note
exit 7
`;

const sha256 = async (path: string) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

describe("the appliance", () => {
  it("runs jobs one after another, and lets go of all that one left open", async () => {
    const context = await applianceContext();
    const folder = await scratch("appliance-disks");
    const [stack, plain] = [await emptyDisk(folder, "stack", 384 * MIB), await emptyDisk(folder, "plain", 64 * MIB)];
    const reports = await withAppliance({}, context, ({ run: go }: Appliance) =>
      Promise.all([
        go({ disks: { stack }, script: STACK, phase: "stacking" }, context),
        go({ disks: { stack }, script: AGAIN }, context),
        go(
          {
            disks: { plain },
            script: "mkfs.vfat -n PLAIN /disk/plain 2>&1 && mount /disk/plain /mnt && cp script /mnt/",
          },
          context,
        ),
      ]),
    );
    expect(reports.map(({ code, stderr, isClean }) => [code, stderr, isClean])).toEqual([
      [0, "", true],
      [7, "told as it is said\n", true],
      [0, "", true],
    ]);
    expect(reports[1]?.stdout).toBe("kept\n");
    expect(Buffer.from(reports[1]?.files.get("below/note") ?? "").toString()).toBe("kept\n");
    expect(context.told).toContainEqual({ phase: "running in the appliance", detail: "told as it is said" });
    expect(await run("mtype", ["-i", plain.path, "::/script"])).toContain("mkfs.vfat");
    await run("fsck.fat", ["-n", plain.path]);
    expect(await readdir(context.runtimeDir)).toEqual([]);
  });

  it("writes to no disk that is given for reading, of any format", async () => {
    const context = await applianceContext();
    const folder = await scratch("appliance-disks");
    const raw = await emptyDisk(folder, "raw", 8 * MIB);
    const path = `${folder}/qcow2`;
    await run("mke2fs", ["-q", "-t", "ext4", "-L", "kept", raw.path]);
    await run("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", raw.path, path]);
    const before = await sha256(path);
    const disk = { node: imageNode({ path, format: "qcow2" }), isWritable: false };
    const script = "echo over > /disk/lent; mount -o ro /disk/lent /mnt && blkid -o value -s LABEL /disk/lent";
    const report = await withAppliance({}, context, ({ run: go }) => go({ disks: { lent: disk }, script }, context));
    expect(report).toMatchObject({ code: 0, stdout: "kept\n" });
    expect(report.stderr).toMatch(/I\/O error|not permitted|Read-only/);
    expect(await sha256(path)).toBe(before);
  });

  it("ends with the command that is stopped, and leaves nothing", async () => {
    const stop = new AbortController();
    const context = await applianceContext({
      signal: stop.signal,
      progress: ({ detail }) => detail === "under way" && stop.abort(new Error("stopped by hand")),
    });
    const script = "echo under way; sleep 1000";
    const stopped = withAppliance({}, context, ({ run: go }) => go({ disks: {}, script }, context));
    await expect(stopped).rejects.toThrow("stopped by hand");
    expect(await readdir(context.runtimeDir)).toEqual([]);
    expect(await holding(context.runtimeDir)).toEqual([]);
  });

  it("is told what went wrong by the console's end where it dies under a job", async () => {
    const context = await applianceContext();
    const script = "echo the last words > /dev/console; busybox reboot -f";
    const died = withAppliance({}, context, ({ run: go }) => go({ disks: {}, script }, context));
    await expect(died).rejects.toMatchObject({
      code: "E_APPLIANCE_DIED",
      message: expect.stringMatching(
        /^Cannot run the job in the appliance: it ended before the job did; it said last:\n(.*\n)*.*the last words/,
      ),
    });
  });

  it("is one for all jobs at the same time, and another one where a job has ended it", async () => {
    const stop = new AbortController();
    const context = await applianceContext();
    const stopped = { ...context, signal: stop.signal };
    const job = (script: string) => ({ disks: {}, script });
    const outcomes = await Promise.allSettled([
      runInAppliance({}, job("cat /proc/sys/kernel/random/boot_id"), context),
      runInAppliance({}, job("cat /proc/sys/kernel/random/boot_id"), context),
      runInAppliance({}, job("echo under way; sleep 1000"), {
        ...stopped,
        progress: ({ detail }) => detail === "under way" && stop.abort(new Error("stopped by hand")),
      }),
      runInAppliance({}, job("cat /proc/sys/kernel/random/boot_id"), context),
    ]);
    const [first, second, third, fourth] = outcomes.map((each) =>
      each.status === "fulfilled" ? each.value.stdout : (each.reason as Error).message,
    );
    expect(first).toMatch(/^[0-9a-f-]{36}\n$/);
    expect(second).toBe(first);
    expect(third).toBe("stopped by hand");
    expect(fourth).toMatch(/^[0-9a-f-]{36}\n$/);
    expect(fourth).not.toBe(first);
    expect(context.told.filter(({ phase }) => phase === "starting the appliance")).toHaveLength(2);
    expect(await readdir(context.runtimeDir)).toEqual([]);
  });

  it.each([
    ["Big", 1],
    ["a".repeat(21), 1],
    ["../x", 1],
    ["disk", 25],
  ])("refuses disks called %j, %i of them, before it is given any", async (name, count) => {
    const { demandDisks } = await import("../../../core/appliance/disks.ts");
    const disk = { node: { driver: "null-co" }, isWritable: false };
    const disks = Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}${at || ""}`, disk]));
    expect(() => demandDisks(disks)).toThrow("Cannot give the appliance its disks");
  });
});

/** Processes that have this word among their arguments. */
async function holding(word: string): Promise<readonly string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return commands.filter((command) => command.includes(word));
}
