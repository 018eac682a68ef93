import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { expect, test } from "vitest";
import { run } from "../../support/run.ts";
import { codeOf, debugfs, leftovers, MIB, partitionOf, sfdisk, toRaw, workbench } from "./workbench.ts";

const bench = await workbench("files");
const { at } = bench;
mkdirSync(at("root/etc"), { recursive: true });
mkdirSync(at("root/usr"));
mkdirSync(at("root/real"));
mkdirSync(at("root/boot/efi"), { recursive: true });
writeFileSync(at("root/etc/fstab"), "LABEL=ROOT / ext4 defaults 0 1\nLABEL=ESP /boot/efi vfat defaults 0 2\n");
writeFileSync(at("root/etc/os-release"), "ID=test\n");
symlinkSync("/real", at("root/inside"));
symlinkSync("/etc/passwd", at("root/etc/linked"));
symlinkSync("../../../../../..", at("root/up"));

const layout = {
  partitions: [
    { name: "esp", type: "esp", size: "40M", filesystem: "vfat", label: "ESP" },
    { name: "root", type: "root", filesystem: "ext4", label: "ROOT", content: { directory: at("root") } },
  ],
};
const image = (path: string, files: object[], more = {}) => ({ path, size: "128M", layout, files, ...more }) as never;

async function rootOf(path: string): Promise<string> {
  return partitionOf(await toRaw(at(path), at("look.raw")), 1, at("look.ext4"));
}

test("files of any name arrive with mode and owner, through links inside the image and across its mounts", async () => {
  const odd = "/new/a b/\"q'$`<12>;\\é*";
  writeFileSync(at("big"), Buffer.alloc(5 * MIB, 7));
  const config = image("made.qcow2", [
    { path: "/etc/motd", content: "hello\n", mode: "0640", uid: 5, gid: 100000 },
    { path: odd, content: "odd", mode: "4755" },
    { path: "/new/a b/<12>", source: at("big") },
    { path: "/inside/here", content: "in" },
    { path: "/etc/linked", content: "a file now" },
    { path: "/up/etc/climbed", content: "still inside" },
    { path: "/boot/efi/loader/x y.conf", content: "esp" },
  ]);
  await bench.apply(config);
  const root = await rootOf("made.qcow2");
  await run("e2fsck", ["-f", "-n", root]);
  expect(await debugfs(root, "cat /etc/motd")).toBe("hello\n");
  expect(await debugfs(root, "stat /etc/motd")).toMatch(/Mode: +0640[\s\S]*User: +5 +Group: 100000/);
  expect(await debugfs(root, `stat "${odd.replaceAll('"', '""')}"`)).toMatch(/Mode: +04755/);
  expect(await debugfs(root, 'stat "/new/a b/./<12>"')).toMatch(new RegExp(`Size: ${5 * MIB}`));
  expect(await debugfs(root, "cat /real/here")).toBe("in");
  expect(await debugfs(root, "stat /etc/linked")).toMatch(/Type: regular/);
  expect(await debugfs(root, "cat /etc/climbed")).toBe("still inside");
  const esp = (await sfdisk(at("look.raw")))[0];
  const inEsp = ["-i", `${at("look.raw")}@@${(esp?.start ?? 0) * 512}`, "::/loader/x y.conf"];
  expect(await run("mtype", inEsp)).toBe("esp");
  expect((await bench.prepare(config)).plan).toMatchObject({ action: "none", reasons: [] });
  expect(await leftovers(bench.dir)).toEqual([]);
});

test("what somebody changed inside is drift with its cause, and is mended in place", async () => {
  const files = [
    { path: "/etc/a", content: "aaa\n" },
    { path: "/etc/b", content: "bbb\n" },
    { path: "/etc/c", content: "ccc\n" },
    { path: "/etc/s", secret_content: "secret", secret_content_version: 1 },
  ];
  const config = image("drift.raw", files, { format: "raw" });
  await bench.apply(config);
  const window = `${at("drift.raw")}?offset=${((await sfdisk(at("drift.raw")))[1]?.start ?? 0) * 512}`;
  writeFileSync(at("tampered"), "evil\n");
  await debugfs(window, "rm /etc/a", true);
  await debugfs(window, `write ${at("tampered")} /etc/a`, true);
  for (const request of ["rm /etc/a", "cd /etc", "rm /etc/b", "sif /etc/c mode 0100777", "sif /etc/s mtime 20200101"]) {
    await debugfs(window, request, true);
  }
  await run("sh", ["-c", `printf 'cd /etc\\nwrite ${at("tampered")} a\\n' | debugfs -w "${window}"`]);
  const { plan } = await bench.prepare(config);
  expect(plan.action).toBe("update");
  const reasons = JSON.stringify(plan.reasons);
  for (const why of ["/etc/a was changed", "/etc/b was deleted", "/etc/c has mode 0777", "/etc/s was changed"]) {
    expect(reasons).toContain(why);
  }
  expect(reasons).toContain("evil");
  const before = await stat(at("drift.raw"));
  await bench.apply(config);
  expect((await stat(at("drift.raw"))).ino).toBe(before.ino);
  expect(await debugfs(window, "cat /etc/a")).toBe("aaa\n");
  expect(await debugfs(window, "cat /etc/s")).toBe("secret");
  expect((await bench.prepare(config)).plan).toMatchObject({ action: "none", reasons: [] });
});

test("a secret is kept nowhere but in the image, and changes with its version", async () => {
  const config = (secret: string, version: number) =>
    image("secret.qcow2", [
      { path: "/etc/key", secret_content: secret, secret_content_version: version, mode: "0600" },
    ]);
  await bench.apply(config("first-secret", 1));
  const record = await readFile(at(".secret.qcow2.guestkit.json"), "utf8");
  expect(record).not.toContain("first-secret");
  expect(
    await run("sh", ["-c", `grep -rl first-secret ${at("cache")} ${at(".secret.qcow2.guestkit.json")} || true`]),
  ).toBe("");
  expect((await bench.prepare(config("other", 1))).plan.action).toBe("none");
  await bench.apply(config("second", 2));
  expect(await debugfs(await rootOf("secret.qcow2"), "cat /etc/key")).toBe("second");
});

test("a host file that changed is copied again", async () => {
  writeFileSync(at("host-file"), "one");
  const config = image("host.qcow2", [{ path: "/etc/copy", source: at("host-file") }]);
  await bench.apply(config);
  writeFileSync(at("host-file"), "two!");
  expect((await bench.prepare(config)).plan.action).toBe("update");
  await bench.apply(config);
  expect(await debugfs(await rootOf("host.qcow2"), "cat /etc/copy")).toBe("two!");
  expect((await bench.prepare(config)).plan.action).toBe("none");
});

test("a journal that needs recovery is replayed first", async () => {
  const config = image("journal.raw", [], { format: "raw" });
  await bench.apply(config);
  const window = `${at("journal.raw")}?offset=${((await sfdisk(at("journal.raw")))[1]?.start ?? 0) * 512}`;
  // A transaction of one block that is written to the journal alone: the file's new content.
  const block = (await debugfs(window, "blocks /etc/os-release")).trim();
  writeFileSync(at("replayed"), "ID=replayed\n".padEnd(4096, "\n"));
  const script = `jo -c\njw -b ${block} ${at("replayed")}\njc\n`;
  await run("sh", ["-c", `printf '${script}' | debugfs -w "${window}"`]);
  expect(await run("dumpe2fs", ["-h", window])).toContain("needs_recovery");
  expect(await debugfs(window, "cat /etc/os-release")).toBe("ID=test\n");
  await bench.apply(image("journal.raw", [{ path: "/etc/x", content: "x" }], { format: "raw" }));
  expect(await run("dumpe2fs", ["-h", window])).not.toContain("needs_recovery");
  expect(await debugfs(window, "cat /etc/os-release")).toBe("ID=repla");
  expect(await debugfs(window, "cat /etc/x")).toBe("x");
});

test("growth and files of one apply are one change: a file that cannot be written keeps the image small", async () => {
  await bench.apply(image("both.raw", [], { format: "raw" }));
  writeFileSync(at("large"), Buffer.alloc(100 * MIB, 3));
  const large = { path: "/large", source: at("large") };
  const grown = (files: object[]) => image("both.raw", files, { format: "raw", size: "256M" });
  const before = await run("sha256sum", [at("both.raw")]);
  expect(await codeOf(bench.apply(grown([large, { path: "/etc", content: "x" }])))).toBe("E_FILES_KIND");
  expect(await run("sha256sum", [at("both.raw")])).toBe(before);
  await bench.apply(grown([large, { path: "/boot/efi/new", content: "esp" }]));
  const root = await rootOf("both.raw");
  await run("e2fsck", ["-f", "-n", root]);
  expect(await debugfs(root, "stat /large")).toMatch(new RegExp(`Size: ${100 * MIB}`));
  expect(await codeOf(bench.apply(image("both.raw", [], { format: "raw" })))).toBe("E_SHRINK");
  expect(await leftovers(bench.dir)).toEqual([]);
});

test("a directory, a dangling parent and a missing root are refused and leave the image alone", async () => {
  const config = image("refused.qcow2", []);
  await bench.apply(config);
  const before = await run("sha256sum", [at("refused.qcow2")]);
  const refuse = (path: string) => codeOf(bench.apply(image("refused.qcow2", [{ path, content: "x" }])));
  expect(await refuse("/etc")).toBe("E_FILES_KIND");
  expect(await refuse("/etc/linked/below")).toBe("E_FILES_KIND");
  expect(await refuse("/etc/fstab/below")).toBe("E_FILES_KIND");
  expect(await refuse("/etc/../x")).toBe("E_FILES_NAME");
  expect(await refuse("/etc/a\nb")).toBe("E_FILES_NAME");
  expect(await run("sha256sum", [at("refused.qcow2")])).toBe(before);
  const blank = { path: "noroot.qcow2", size: "8M", files: [{ path: "/x", content: "x" }] };
  expect(await codeOf(bench.apply(blank))).toBe("E_FILES_ROOT");
  await expect(stat(at("noroot.qcow2"))).rejects.toThrow("ENOENT");
  const full = Buffer.alloc(100 * MIB, 1);
  writeFileSync(at("full"), full);
  const files = [{ path: "/full", source: at("full") }];
  expect(await codeOf(bench.apply(image("refused.qcow2", files)))).toMatch(/E_FILES_UNPROVEN|E_FILESYSTEM_DAMAGED/);
  expect(await run("sha256sum", [at("refused.qcow2")])).toBe(before);
  expect(await leftovers(bench.dir)).toEqual([]);
});
