import { decipheredSource, place, readLuks, unlock } from "../../luks/index.ts";
import type { ByteSource } from "../../source/source.ts";
import type { Image, OpenContext } from "../format.ts";
import { imageOf } from "../image.ts";
import { refuseSnapshot } from "../no-snapshots.ts";

/** Opens the container by a key for it. Throws `E_LUKS_*`. */
export async function openLuks(source: ByteSource, context: OpenContext, _seen: readonly string[]): Promise<Image> {
  refuseSnapshot(source, context, "LUKS");
  const container = await readLuks(source, context);
  const { version, uuid, warnings } = container;
  const segments = place(source, container);
  const keys = (await context.keys?.(source.name, uuid)) ?? [];
  const ciphers = await context.ciphers();
  const key = await unlock({ header: source, container, device: `"${source.name}"` }, keys, ciphers);
  const reader = decipheredSource(source, segments, key, ciphers, source.name);
  key.fill(0);
  const details = { version, uuid, cipher: segments[0]?.encryption ?? null };
  return imageOf({
    format: "luks",
    size: reader.size,
    source,
    details,
    warnings,
    reader,
  });
}
