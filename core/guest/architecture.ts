import type { Tree } from "../filesystem/tree.ts";

/** Programs that every system of a kind has, in the order of trust. */
const PROGRAMS = [
  "/bin/sh",
  "/sbin/init",
  "/lib/systemd/systemd",
  "/usr/lib/systemd/systemd",
  "/bin/bash",
  "/bin/ls",
  "/bin/busybox",
  "/usr/bin/rpm",
  "/usr/bin/dpkg",
];

/** `e_machine` of the ELF specification with word size and byte order, by libguestfs's names. */
const MACHINES: Readonly<Record<string, string>> = {
  "3/32/little": "i386",
  "62/64/little": "x86_64",
  "62/32/little": "x86_64",
  "183/64/little": "aarch64",
  "40/32/little": "arm",
  "243/64/little": "riscv64",
  "243/32/little": "riscv32",
  "22/64/big": "s390x",
  "22/32/big": "s390",
  "21/64/little": "ppc64le",
  "21/64/big": "ppc64",
  "20/32/big": "ppc",
  "258/64/little": "loongarch64",
  "8/32/big": "mips",
  "8/32/little": "mipsel",
  "8/64/big": "mips64",
  "8/64/little": "mips64el",
  "2/32/big": "sparc",
  "43/64/big": "sparc64",
  "50/64/little": "ia64",
  "15/32/big": "hppa",
  "36902/64/little": "alpha",
};

/** The machine that a system's programs are for, `x86_64`; null where none of them is an ELF file. */
export async function readArchitecture(tree: Tree): Promise<string | null> {
  for (const path of PROGRAMS) {
    const source = await tree.open(path);
    const found = source && source.size >= 20 ? elfMachine(await source.read(0, 20)) : null;
    if (found) return found;
  }
  return null;
}

/** From the first 20 bytes of a file: class at 4, data encoding at 5, `e_machine` at 18. */
export function elfMachine(head: Uint8Array): string | null {
  const [m0, e, l, f, width, order] = head;
  if (m0 !== 0x7f || e !== 0x45 || l !== 0x4c || f !== 0x46) return null;
  const little = order === 1;
  const machine = new DataView(head.buffer, head.byteOffset).getUint16(18, little);
  const key = `${machine}/${width === 2 ? 64 : 32}/${little ? "little" : "big"}`;
  return Object.hasOwn(MACHINES, key) ? (MACHINES[key] ?? null) : null;
}
