import type { TreeNode } from "../../../filesystem/tree.ts";
import { GuestkitError } from "../../../kit/errors.ts";
import type { ByteSource } from "../../../source/source.ts";
import { type InitramfsPart, walkInitramfs } from "../../initramfs/walk.ts";
import { moduleName } from "../../kernel-modules.ts";
import { readKernels } from "../../kernels.ts";
import type { Known } from "../fact.ts";
import type { BootEntry } from "./entry.ts";
import { featuresOf } from "./initramfs-features.ts";
import type { BootPlace } from "./places.ts";

/** What is in an initial RAM disk. Its names are not told one by one: they are some thousands. */
export interface InitramfsContents {
  readonly archives: readonly InitramfsPart[];
  /** Versions of kernels whose modules it has. */
  readonly kernels: readonly string[];
  /** Modules by the names that the kernel gives them: `virtio_blk`. */
  readonly modules: readonly string[];
  /** What else it can do: `lvm`, `cryptsetup`, `mdadm`, `microcode-intel`, `dracut`. */
  readonly features: readonly string[];
  /** Files that may be keys of disks: whoever reads the RAM disk has them. */
  readonly key_files: readonly string[];
}

export interface Initramfs {
  /** Of a unified kernel's own: that kernel. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Null where it was not read; a warning says why. */
  readonly contents: InitramfsContents | null;
}

interface Candidate {
  readonly path: string;
  readonly source: ByteSource;
}

/** More than a boot partition holds: what is behind these is named, not read. */
const MAX_FILES = 32;
/** Bytes read and unpacked of all of them. */
const MOST = { packed: 512 << 20, unpacked: 2 ** 31 } as const;
/** Bytes unpacked of one: those of today end below 300 MiB. */
const MAX_UNPACKED = 512 << 20;

/** Those that the entries name, the first ones first, and those that lie beside kernels; unified kernels have their own. */
export async function readInitramfs(
  known: Pick<Known, "tree" | "unpack" | "warn">,
  places: readonly BootPlace[],
  entries: readonly BootEntry[],
  own: readonly Candidate[],
): Promise<readonly Initramfs[]> {
  const found: Initramfs[] = [];
  const left = { ...MOST };
  for (const { path, source } of [...(await named(known, places, entries)), ...own]) {
    const isOne = found.length < MAX_FILES;
    found.push({ path, size: source.size, contents: isOne ? await contentsOf(known, { path, source }, left) : null });
  }
  if (found.length > MAX_FILES) known.warn(`initial RAM disks behind the first ${MAX_FILES} are not looked into`);
  return found;
}

async function named(
  { tree }: Pick<Known, "tree">,
  places: readonly BootPlace[],
  entries: readonly BootEntry[],
): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  const seen = new Map<TreeNode["fs"], Set<number>>();
  const kernels = await readKernels(tree);
  const wanted = [...new Set(entries.flatMap(({ initrds }) => initrds))].slice(0, 4 * MAX_FILES);
  const paths = [
    ...wanted.flatMap((path) =>
      places.map(({ tree, folder }) => ({ tree, path: `${folder}/${path}`.replace(/\/+/g, "/") })),
    ),
    ...[...wanted, ...kernels.flatMap(({ initrd }) => initrd ?? []).reverse()].map((path) => ({ tree, path })),
  ];
  for (const { tree, path } of paths) {
    const node = await tree.resolve(path);
    if (!node || (await node.fs.stat(node.inode)).type !== "file" || seen.get(node.fs)?.has(node.inode)) continue;
    seen.set(node.fs, (seen.get(node.fs) ?? new Set()).add(node.inode));
    found.push({ path, source: await node.fs.open(node.inode) });
  }
  return found;
}

async function contentsOf(
  { tree, unpack, warn }: Pick<Known, "tree" | "unpack" | "warn">,
  { path, source }: Candidate,
  left: { packed: number; unpacked: number },
): Promise<InitramfsContents | null> {
  if (source.size > left.packed || left.unpacked <= 0) {
    warn(`"${path}" is not looked into: the initial RAM disks before it are as large as any may be together`);
    return null;
  }
  const { take, told } = noting();
  left.packed -= source.size;
  try {
    const charge = (bytes: number) => tree.budget.spend("bytes", bytes, path);
    const most = Math.min(MAX_UNPACKED, left.unpacked);
    const archives = await walkInitramfs(source, { unpack, most, charge, note: take });
    left.unpacked -= archives.reduce((sum, { size }) => sum + size, 0);
    return { archives, ...told() };
  } catch (error) {
    if (!(error instanceof GuestkitError) || error.code.startsWith("E_BUDGET_")) throw error;
    left.unpacked -= MAX_UNPACKED;
    warn(`"${path}" cannot be looked into: ${error.message}`);
    return null;
  }
}

const KERNEL = /^(?:\.\/)?(?:usr\/)?lib\/modules\/([^/]{1,128})\//;
const KEY_FILE = /(?:^|\/)(?:cryptroot\/keyfiles\/.+|crypto_keyfile\.bin|[^/]+\.(?:key|keyfile))$/;
/** A RAM disk of every driver there is has some five thousand. */
const MOST_NAMED = 20_000;

/** What matters of the names, which are taken as they come. */
function noting(): {
  readonly take: (names: readonly string[]) => false;
  readonly told: () => Omit<InitramfsContents, "archives">;
} {
  const [kernels, modules, features, keys] = [
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
  ];
  const take = (names: readonly string[]) => {
    for (const name of names) {
      const kernel = KERNEL.exec(name)?.[1];
      const module = name.includes(".ko") ? moduleName(name) : null;
      if (kernel !== undefined) keep(kernels, kernel);
      if (module !== null) keep(modules, module);
      if (KEY_FILE.test(name)) keep(keys, name);
      for (const feature of featuresOf(name)) features.add(feature);
    }
    return false as const;
  };
  const sorted = (names: ReadonlySet<string>) => [...names].sort();
  const told = () => ({
    kernels: sorted(kernels),
    modules: sorted(modules),
    features: sorted(features),
    key_files: sorted(keys),
  });
  return { take, told };
}

function keep(names: Set<string>, name: string): void {
  if (names.size >= MOST_NAMED) {
    throw new GuestkitError("E_INITRAMFS", `Cannot read the initial RAM disk: it has more than ${MOST_NAMED} modules`);
  }
  names.add(name);
}
