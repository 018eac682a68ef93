import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { ovf, packOva } from "./ova.ts";
import { run } from "./tool.ts";

/** One disk as other hypervisors and publishers hand it out. */
export interface ForeignSources extends AsyncDisposable {
  /** What each of them is a copy of. */
  readonly seed: string;
  /** Fields of `source`, by a name for the copy. */
  readonly sources: Readonly<Record<string, object>>;
}

/**
 * Makes them in `dir`: a VMDK in an OVA, one member of an OVA of two, a VHDX, and, from an address, a compressed disk
 * that is unpacked while it comes.
 */
export async function foreignSources(dir: string): Promise<ForeignSources> {
  const at = (name: string) => join(dir, name);
  const script = `cd "$1"; truncate -s 16M seed.raw; mke2fs -q -t ext4 seed.raw
    head -c 2000000 /dev/urandom > noise; debugfs -w -R "write noise noise" seed.raw 2>/dev/null
    truncate -s 1M other.raw; xz -1 -c seed.raw > disk.img.xz
    qemu-img convert -O vmdk -o subformat=streamOptimized seed.raw disk.vmdk
    qemu-img convert -O vmdk -o subformat=streamOptimized other.raw other.vmdk
    qemu-img convert -O vhdx seed.raw disk.vhdx`;
  await run("sh", ["-euc", script, "sh", dir]);
  const manifest = "sha256";
  await packOva(dir, "one.ova", ovf([{ name: "disk.vmdk" }]), ["disk.vmdk"], { manifest });
  const two = ["other.vmdk", "disk.vmdk"];
  await packOva(dir, "two.ova", ovf(two.map((name) => ({ name }))), two, { manifest });
  const server = createServer(({ url = "" }, response) => createReadStream(at(basename(url))).pipe(response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    seed: at("seed.raw"),
    sources: {
      ova: { url: at("one.ova") },
      member: { url: at("two.ova"), member: "disk.vmdk" },
      vhdx: { url: at("disk.vhdx") },
      streamed: { url: `${origin}/disk.img.xz` },
    },
    [Symbol.asyncDispose]: async () => server.close().closeAllConnections(),
  };
}
