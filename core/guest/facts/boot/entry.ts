import { compareVersions } from "./version-order.ts";

/** What a boot loader's menu offers. */
export interface BootEntry {
  /** Whose entry it is: `bls` is the Boot Loader Specification's own file, `unified` a kernel with all that it needs. */
  readonly kind: "grub" | "bls" | "unified" | "extlinux";
  /** By which loaders name it; null where it has none. */
  readonly id: string | null;
  readonly title: string | null;
  readonly version: string | null;
  /** What says it. */
  readonly file: string;
  /** As the loader names it: often from its own partition's root on. Null where it starts no kernel. */
  readonly kernel: string | null;
  readonly initrds: readonly string[];
  /** The kernel's command line, variables put in. */
  readonly options: string;
}

/** An entry of the Boot Loader Specification with what it is sorted by. */
export interface SortedEntry extends BootEntry {
  readonly sortKey: string | null;
  readonly machineId: string | null;
  /** Tries that are left; null where they are not counted. */
  readonly tries: number | null;
}

/** As systemd-boot's menu has them (UAPI.1, sorting): the first is what starts where nothing else is said. */
export function sorted<T extends SortedEntry>(entries: readonly T[]): readonly T[] {
  return entries.toSorted(
    (a, b) =>
      Number(a.tries === 0) - Number(b.tries === 0) ||
      Number(a.sortKey === null) - Number(b.sortKey === null) ||
      (a.sortKey !== null ? byKey(a, b) : 0) ||
      compareVersions(b.id ?? "", a.id ?? ""),
  );
}

const byKey = (a: SortedEntry, b: SortedEntry): number =>
  byText(a.sortKey, b.sortKey) || byText(a.machineId, b.machineId) || compareVersions(b.version ?? "", a.version ?? "");

const byText = (a: string | null, b: string | null): number => {
  const [one, other] = [a ?? "", b ?? ""];
  if (one === other) return 0;
  return one < other ? -1 : 1;
};
