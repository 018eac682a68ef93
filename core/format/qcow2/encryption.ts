import type { ByteSource } from "../../source/source.ts";
import { windowSource } from "../../source/window.ts";
import type { OpenContext } from "../format.ts";
import { checkRange, damaged } from "./fault.ts";
import type { Header } from "./header.ts";

/**
 * The file that holds the clusters, deciphered: its sectors are numbered from its own start (docs/interop/qcow2.txt, "Data
 * encryption"). Throws `E_LUKS_*`, `E_QCOW2_LUKS`.
 */
export async function deciphered(
  source: ByteSource,
  data: ByteSource,
  { clusterSize, extensions: { luks } }: Header,
  context: OpenContext,
): Promise<ByteSource> {
  if (!luks) return data;
  const { offset, length } = luks;
  checkRange(source, "LUKS", "LUKS header", { offset, length, alignment: clusterSize, at: 0 });
  const { decipheredSource, readLuks, unlock } = await import("../../luks/index.ts");
  const header = windowSource(source, offset, length);
  const container = await readLuks(header, context);
  const [segment] = container.segments;
  if (container.version !== 1 || !segment)
    throw damaged(source, "LUKS", offset, "its LUKS header is none of version 1");
  const keys = (await context.keys?.(source.name, container.uuid)) ?? [];
  const ciphers = await context.ciphers();
  const key = await unlock({ header, container, device: `"${source.name}"` }, keys, ciphers);
  const whole = { ...segment, offset: 0, start: 0, length: data.size - (data.size % segment.sectorSize) };
  try {
    return decipheredSource(data, [whole], key, ciphers, data.name);
  } finally {
    key.fill(0);
  }
}
