/** Reads an encrypted image, whole and deciphered; argv: the image, its passphrase. */
import { openFileSource } from "../../core/source/file.ts";
import { nodeHost } from "../../core/source/node.ts";
import { readInto } from "../../core/source/source.ts";
import { luks } from "../../core/volume/luks/index.ts";

const [path = "", passphrase = ""] = process.argv.slice(2);
await using image = await openFileSource(path);
const keys = async () => [new TextEncoder().encode(passphrase)];
const label = await luks.read({ device: "/dev/sda", source: image });
const group = await luks.assemble([label], { ...nodeHost, keys, arrayNumber: () => 127 });
const { devices } = await group.open();
const source = devices[0]?.source;
if (!source) throw devices[0]?.error;
const piece = new Uint8Array(1 << 20);
for (let at = 0; at < source.size; at += piece.length) {
  await readInto(source, at, piece.subarray(0, Math.min(piece.length, source.size - at)));
}
