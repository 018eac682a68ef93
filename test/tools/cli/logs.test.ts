import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { guestkit, guestkitText } from "../../support/cli.ts";
import { Random } from "../../support/random.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("logs");
const REMOTE = "/lib/systemd/systemd-journal-remote";
const EXPORT = join(import.meta.dirname, "../../support/journals/export.py");
const PLACE = "var/log/journal/0123456789abcdef0123456789abcdef";

/** A system whose journal is these files, as a disk. */
async function disk(name: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const [root, image] = [join(dir, name), join(dir, `${name}.img`)];
  for (const folder of ["etc", "usr/bin", PLACE]) await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, "etc/os-release"), "ID=test\n");
  for (const [file, bytes] of Object.entries(files)) await writeFile(join(root, PLACE, file), bytes);
  await run("mke2fs", ["-q", "-t", "ext4", "-d", root, image, "96M"]);
  return image;
}

/** A journal that systemd's own writer makes. */
async function journal(name: string, env: Readonly<Record<string, string>>): Promise<string> {
  const [text, file] = [join(dir, "in.export"), join(dir, `${name}.journal`)];
  await run("sh", ["-c", 'python3 "$1" > "$2"', "sh", EXPORT, text]);
  await run(REMOTE, ["-o", file, text], env);
  return file;
}

const told = async (file: string, ...args: readonly string[]) =>
  run("journalctl", ["--file", file, "--no-pager", "--all", ...args]);

/** What of an entry is the guest's own. */
const own = (line: string) => {
  const { __CURSOR, __SEQNUM, __SEQNUM_ID, ...fields } = JSON.parse(line);
  return fields;
};
const lines = (text: string) => text.split("\n").filter(Boolean);

describe("guestkit logs", () => {
  let file: string;
  let image: string;
  beforeAll(async () => {
    file = await journal("zstd-compact", { SYSTEMD_JOURNAL_COMPRESS: "ZSTD", SYSTEMD_JOURNAL_COMPACT: "1" });
    image = await disk("main", { "system.journal": await readFile(file) });
  });

  it.each([
    ["zstd", { SYSTEMD_JOURNAL_COMPRESS: "ZSTD", SYSTEMD_JOURNAL_COMPACT: "0" }],
    ["lz4", { SYSTEMD_JOURNAL_COMPRESS: "LZ4", SYSTEMD_JOURNAL_COMPACT: "0" }],
    ["lz4-compact", { SYSTEMD_JOURNAL_COMPRESS: "LZ4", SYSTEMD_JOURNAL_COMPACT: "1" }],
  ])("has every field of every entry as journalctl has it: %s", async (name, env) => {
    const made = await journal(name, env);
    const found = lines(
      await guestkitText(["logs", "--json", await disk(name, { "system.journal": await readFile(made) })]),
    );
    expect(found.map(own)).toEqual(lines(await told(made, "-o", "json")).map(own));
  });

  it("prints what journalctl prints", async () => {
    expect(await guestkitText(["logs", image])).toBe(await told(file));
  });

  it.each([
    [
      ["-u", "ssh"],
      ["-u", "ssh"],
    ],
    [
      ["--priority", "err"],
      ["-p", "err"],
    ],
    [
      ["--since", "2023-11-14T22:30"],
      ["--since", "2023-11-14 22:30"],
    ],
    [
      ["--until", "2023-11-14T22:30"],
      ["--until", "2023-11-14 22:30"],
    ],
    [
      ["--boot", "0", "-u", "cron.service", "--priority", "2"],
      ["-b", "0", "-u", "cron.service", "-p", "2"],
    ],
    [["--boot=-1"], ["-b", "-1"]],
  ])("chooses as journalctl does: %j", async (ours, theirs) => {
    const found = lines(await guestkitText(["logs", "--json", ...ours, image])).map(own);
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(lines(await told(file, "-o", "json", ...theirs)).map(own));
  });

  it("puts together what several files hold, and leaves out one that is none", async () => {
    const bytes = await readFile(file);
    const several = await disk("several", {
      "system.journal": bytes,
      "user-1000.journal~": bytes,
      "x.journal": Buffer.from("no"),
    });
    const { stdout, stderr } = await guestkit(["logs", "--json", several]);
    expect(lines(stdout.toString()).length).toBe(1500);
    expect(stderr).toContain("x.journal is left out");
  });

  it("ends on damaged ones, and tells no entry twice", async () => {
    const bytes = await readFile(file);
    const random = new Random(2);
    const files = Object.fromEntries(
      Array.from({ length: 6 }, (_, seed) => {
        const copy = Uint8Array.from(bytes);
        for (let count = 0; count < 400; count++)
          copy[count === 0 && seed % 3 === 0 ? random.below(208) : 208 + random.below(copy.length - 208)] =
            random.below(256);
        return [`system@${seed}.journal`, copy];
      }),
    );
    const { exitCode, stdout } = await guestkit(["logs", "--json", await disk("damaged", files)]);
    const found = lines(stdout.toString()).map((line) => JSON.parse(line).__SEQNUM);
    expect(exitCode).toBe(0);
    expect(found.length).toBeGreaterThan(0);
  });

  it("says when there is none", async () => {
    const none = await disk("none", {});
    expect(await guestkit(["logs", none])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("the system keeps none"),
    });
  });
});
