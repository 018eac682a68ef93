/** A log as QEMU leaves one: killed between writing it and writing what it says to its place. */
import { copyFile, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openImage } from "../../../core/format/index.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { fixture } from "../../support/fixture.ts";
import { run, scratch } from "../../support/run.ts";

/**
 * Whichever flush it is that falls between them: on each try qemu-io is killed at one later. Beside the image stands what
 * qemu-img makes of it once it has replayed the log.
 */
const SCRIPT = `
set -e
cd "$0"
qemu-img create -q -f vhdx blank 32M
for flush in 1 2 3 4 5 6 7 8 9 10 11 12; do
  cp blank image
  strace -f -o /dev/null -e trace=fdatasync -e inject=fdatasync:signal=KILL:when=$flush \
    qemu-io -f vhdx -c "write -P 1 0 64k" -c "write -P 2 20M 64k" image > /dev/null 2>&1 || true
  cp image replayed
  if qemu-img check -r all replayed | grep -q repaired && ! cmp -s -i 2097152 -n 8 image replayed; then
    qemu-img convert -f vhdx -O raw replayed wanted
    exit 0
  fi
done
echo "QEMU was never caught between its log and its table" >&2
exit 1
`;

/** The table's first entry, at 2 MiB, is not yet what it is after the replay, and a header names the log. */
async function prove(dir: string): Promise<void> {
  const [image, replayed] = await Promise.all(["image", "replayed"].map((name) => readFile(join(dir, name))));
  const named = [64, 128].some((at) => image?.subarray(at * 1024 + 48, at * 1024 + 64).some((byte) => byte !== 0));
  const table = (bytes: Buffer | undefined) => bytes?.subarray(2 << 20, (2 << 20) + 8).toString("hex");
  if (!named || table(image) === table(replayed)) throw new Error("its log says nothing that the image does not");
}

const caught = () => fixture("vhdx-log", SCRIPT, (folder) => run("sh", ["-c", SCRIPT, folder]), prove);

test("a log that QEMU was killed over is read as qemu-img replays it, and the file is left as it is", async () => {
  const dir = await caught();
  const path = join(dir, "image");
  const before = await readFile(path);
  const wanted = await readFile(join(dir, "wanted"));
  await using image = await openImage(await openFileSource(path), nodeHost);
  expect(Buffer.compare(await image.read(0, image.size), wanted)).toBe(0);
  expect(wanted.subarray(0, 4)).toEqual(Buffer.from([1, 1, 1, 1]));
  expect(Buffer.compare(await readFile(path), before)).toBe(0);
});

test("without it the same image reads as before", async () => {
  const dir = await caught();
  const path = join(await scratch("vhdx-log"), "image");
  await copyFile(join(dir, "image"), path);
  const handle = await open(path, "r+");
  await handle.write(new Uint8Array(1 << 20), 0, 1 << 20, 1 << 20);
  await handle.close();
  await using image = await openImage(await openFileSource(path), nodeHost);
  expect([...(await image.read(0, 4))]).toEqual([0, 0, 0, 0]);
});
