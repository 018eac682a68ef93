import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { guestkit, guestkitText } from "../../support/cli.ts";
import { Random } from "../../support/random.ts";
import { scratch } from "../../support/scratch.ts";
import { share } from "../../support/slow.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("logs");
const REMOTE = "/lib/systemd/systemd-journal-remote";
const EXPORT = join(import.meta.dirname, "../../support/journals/export.py");
const REPACK = join(import.meta.dirname, "../../support/journals/repack.py");
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

type Way = "zstd" | "lz4" | "xz";

/** A journal that systemd's own writer makes; ways of older ones to pack long fields are put into it afterwards. */
async function journal(name: string, way: Way, compact: boolean): Promise<string> {
  const [text, file] = [join(dir, "in.export"), join(dir, `${name}.journal`)];
  await run("sh", ["-c", 'python3 "$1" > "$2"', "sh", EXPORT, text]);
  const env = { SYSTEMD_JOURNAL_COMPACT: compact ? "1" : "0" };
  await run(REMOTE, [`--compress=${way === "zstd"}`, "-o", file, text], env);
  if (way !== "zstd") await run("python3", [REPACK, file, way]);
  const said = await run("journalctl", ["--header", "--file", file]);
  expect(said).toMatch(new RegExp(`COMPRESSED-${way.toUpperCase()}\\b`));
  expect(/\bCOMPACT\b/.test(said)).toBe(compact);
  return file;
}

/** The journal with the id of whoever numbers the other one's entries, in its header. */
function withSource(journal: Buffer, other: Buffer): Buffer {
  other.copy(journal, 72, 72, 88);
  return journal;
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
    file = await journal("zstd-compact", "zstd", true);
    image = await disk("main", { "system.journal": await readFile(file) });
  });

  const packings = [
    ["zstd", "zstd", false],
    ["lz4", "lz4", false],
    ["lz4-compact", "lz4", true],
  ] as const;
  it.each(share<(typeof packings)[number]>(packings, ([name]) => name === "lz4"))(
    "has every field of every entry as journalctl has it: %s",
    async (name, way, compact) => {
      const made = await journal(name, way, compact);
      const found = lines(
        await guestkitText(["logs", "--json", await disk(name, { "system.journal": await readFile(made) })]),
      );
      expect(found.map(own)).toEqual(lines(await told(made, "-o", "json")).map(own));
    },
  );

  it("leaves out fields that are packed by xz, and says so", async () => {
    const made = await journal("xz", "xz", true);
    const { stdout, stderr } = await guestkit([
      "logs",
      "--json",
      await disk("xz", { "system.journal": await readFile(made) }),
    ]);
    const known = lines(await told(made, "-o", "json")).map(own);
    const expected = known.map(({ MESSAGE, ...fields }) => (MESSAGE.length > 500 ? fields : { MESSAGE, ...fields }));
    expect(lines(stdout.toString()).map(own)).toEqual(expected);
    expect(stderr).toContain("system.journal: fields that are packed by xz are left out");
  });

  it("prints what journalctl prints", async () => {
    expect(await guestkitText(["logs", image])).toBe(await told(file));
  });

  const choices: readonly (readonly [ours: readonly string[], theirs: readonly string[]])[] = [
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
    [
      ["--priority", "warning..err"],
      ["-p", "warning..err"],
    ],
    [
      ["--priority", "debug"],
      ["-p", "debug"],
    ],
    [
      ["--since", "2023-11-14 22:30:00.5", "--until", "2023-11-14 23:00 UTC"],
      ["--since", "2023-11-14 22:30:00.5", "--until", "2023-11-14 23:00 UTC"],
    ],
    [
      ["--since", "@1700001000"],
      ["--since", "@1700001000"],
    ],
    [
      ["--since=-1500weeks", "--until", "yesterday"],
      ["--since=-1500weeks", "--until", "yesterday"],
    ],
  ];
  /** Other ways to say when and how bad. */
  const more = /warning|debug|until|@|"--priority","err"/;
  it.each(share(choices, (each) => more.test(JSON.stringify(each))))(
    "chooses as journalctl does: %j",
    async (ours, theirs) => {
      const found = lines(await guestkitText(["logs", "--json", ...ours, image])).map(own);
      expect(found.length).toBeGreaterThan(0);
      expect(found).toEqual(lines(await told(file, "-o", "json", ...theirs)).map(own));
    },
  );

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

  it("puts together files that were rotated as journalctl does, also past a clock that was set back", async () => {
    const parts = ["one", "two", "three"].map((part) => join(dir, `${part}.journal`));
    for (const [at, part] of parts.entries()) {
      const text = join(dir, `part-${at}.export`);
      await run("sh", ["-c", 'python3 "$1" "$2" > "$3"', "sh", EXPORT, `${at}`, text]);
      await run(REMOTE, ["-o", part, text]);
      // Two of one source of numbers.
      if (at === 1) await writeFile(part, withSource(await readFile(part), await readFile(parts[0] as string)));
    }
    const files = Object.fromEntries(
      await Promise.all(
        parts.map(
          async (part, at) => [at === 2 ? "system.journal" : `system@${at}.journal`, await readFile(part)] as const,
        ),
      ),
    );
    const image = await disk("rotated", files);
    const all = lines(
      await run("journalctl", [...parts.flatMap((part) => ["--file", part]), "--no-pager", "--all", "-o", "json"]),
    );
    const found = lines(await guestkitText(["logs", "--json", image]));
    expect(found.length).toBe(4500);
    expect(found.map(own)).toEqual(all.map(own));
    for (const boot of ["0", "-1"]) {
      const chosen = await run("journalctl", [
        ...parts.flatMap((part) => ["--file", part]),
        "--all",
        "-o",
        "json",
        "-b",
        boot,
      ]);
      expect(lines(await guestkitText(["logs", "--json", `--boot=${boot}`, image])).map(own)).toEqual(
        lines(chosen).map(own),
      );
    }
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
