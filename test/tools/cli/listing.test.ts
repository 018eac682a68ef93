import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { guestkitText } from "../../support/cli.ts";
import { differences, type FileFacts, hostFacts } from "../../support/compare-tree.ts";
import { withMount } from "../../support/mounted.ts";
import { run, scratch } from "../../support/run.ts";
import { blankExt4, filledImage } from "./filled-image.ts";

/** What a listing does not tell. */
const UNTOLD = ["atime", "ctime", "xattrs", "sha256"] as const;
const dir = await scratch("listing");

interface Line {
  readonly path: string;
  readonly path_base64?: string;
  readonly target: string | null;
  readonly target_base64?: string;
  readonly [field: string]: unknown;
}

const bytes = (text: string, base64: string | undefined) =>
  base64 === undefined ? Buffer.from(text) : Buffer.from(base64, "base64");

/** A line of `ls --json` in the shape of the oracle. */
function facts(line: Line): Partial<FileFacts> {
  const { mode, uid, gid, size, inode, links, mtime, type, device } = line as unknown as Record<string, string> & {
    device?: { major: number; minor: number };
  };
  const [seconds, fraction] = String(mtime).replace("Z", "").split(".");
  const nanoseconds = BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction ?? 0);
  const raw = bytes(line.path, line.path_base64).subarray(1);
  return {
    path: raw.toString("hex"),
    inode: Number(inode),
    type: type as FileFacts["type"],
    mode: Number.parseInt(String(mode), 8),
    uid: Number(uid),
    gid: Number(gid),
    size: Number(size),
    links: Number(links),
    mtime: String(nanoseconds),
    device: [device?.major ?? 0, device?.minor ?? 0],
    ...(line.target !== null && { target: bytes(line.target, line.target_base64).toString("hex") }),
  };
}

it("ls -R --json tells what a loop mount tells, of every file", async () => {
  const image = await filledImage();
  const text = await guestkitText(["ls", "-R", "--json", image]);
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const ours = new Map(lines.map((line) => facts(line)).map((each) => [String(each.path), each]));
  const copy = join(dir, "image.raw");
  await copyFile(image, copy);
  const theirs = await withMount(copy, "replay", (mounted) => hostFacts(mounted, [...UNTOLD]));
  const expected = new Map(theirs);
  expected.delete("");
  expect(ours.size).toBe(lines.length);
  expect(differences(ours, expected)).toEqual([]);
});

it("carries names that are no UTF-8 losslessly, and takes them back by --path-base64", async () => {
  const image = await filledImage();
  const text = await guestkitText(["ls", "--json", image, "/names"]);
  const odd = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line)
    .find((line) => line.path_base64);
  const raw = Buffer.from(odd?.path_base64 ?? "", "base64");
  expect(raw.toString("latin1")).toBe("/names/\xff\xfe not utf-8");
  const content = await guestkitText(["cat", image, "--path-base64", odd?.path_base64 ?? ""]);
  expect(Buffer.from(content.slice(-10)).toString()).toBe(" not utf-8");
});

it("shows a folder, a file and a link's target", async () => {
  const root = join(dir, "root");
  await run("sh", [
    "-e",
    "-c",
    'mkdir -p "$1/etc"; echo hi > "$1/etc/a"; chmod 4750 "$1/etc/a"; ln -s etc/a "$1/l"',
    "sh",
    root,
  ]);
  const image = join(dir, "small.raw");
  await blankExt4(image, 8, ["-d", root]);
  expect(await guestkitText(["ls", image])).toBe("etc\nl\nlost+found\n");
  expect(await guestkitText(["ls", "-l", image, "/etc/a"])).toMatch(
    /^-rwsr-x--- +0 +0 +3 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d a\n$/,
  );
  expect(await guestkitText(["ls", "-l", image, "/"])).toMatch(/^lrwxrwxrwx .* l -> etc\/a$/m);
  expect(await guestkitText(["ls", image, "/l"])).toBe("l\n");
});
