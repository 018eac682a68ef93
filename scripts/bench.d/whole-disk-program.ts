/** Reads an image of any format, whole; argv: the image. */
import { openImage } from "../../core/format/index.ts";
import { imageHost } from "../../core/host/image-host.ts";
import { openFileSource } from "../../core/source/file.ts";
import { readInto } from "../../core/source/source.ts";

await using image = await openImage(await openFileSource(process.argv[2] ?? ""), imageHost());
const piece = new Uint8Array(4 << 20);
for (let at = 0; at < image.size; ) {
  const { length, zero } = (await image.extent?.(at, image.size - at)) ?? { length: image.size - at, zero: false };
  for (let done = 0; !zero && done < length; done += piece.length) {
    await readInto(image, at + done, piece.subarray(0, Math.min(piece.length, length - done)));
  }
  at += length;
}
