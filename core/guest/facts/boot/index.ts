import type { Tree } from "../../../filesystem/tree.ts";
import { SECRET } from "../../../kit/secrets.ts";
import { isSecretName, withoutLogins } from "../../without-logins.ts";
import type { FactKind, Known } from "../fact.ts";
import { readBls } from "./bls.ts";
import { type BootEntry, type SortedEntry, sorted } from "./entry.ts";
import { type ExtlinuxMenu, parseExtlinux } from "./extlinux.ts";
import { type FoundGrub, type Grub, readGrub } from "./grub.ts";
import { type Initramfs, readInitramfs } from "./initramfs.ts";
import { type BootPlace, bootPlaces } from "./places.ts";
import { readSystemdBoot, type SystemdBoot, standardEntry } from "./systemd-boot.ts";
import { readUnified, type UnifiedKernel } from "./unified.ts";

/** An entry of a menu, and whether it is the one that starts by itself. */
export interface ListedEntry extends BootEntry {
  readonly is_default: boolean;
}

/** How the system starts, by the files of its boot loaders. */
export interface Boot {
  /** What the kernel is told where nobody chooses; null where no menu says it. */
  readonly command_line: string | null;
  readonly entries: readonly ListedEntry[];
  readonly grub: Grub | null;
  readonly systemd_boot: SystemdBoot | null;
  readonly unified: readonly UnifiedKernel[];
  readonly initramfs: readonly Initramfs[];
}

/** Below the folders of boot loaders, and where Alpine and U-Boot have theirs. */
const EXTLINUX = ["/extlinux/extlinux.conf", "/extlinux.conf", "/syslinux/syslinux.cfg", "/syslinux.cfg"];

export const boot: FactKind<Boot> = {
  // Initial RAM disks, as they lie there.
  share: { bytes: 640 << 20 },
  read: readBoot,
};

async function readBoot(known: Known): Promise<Boot> {
  const places = await bootPlaces(known);
  const [bls, unified] = [await each(places, readBls), await each(places, readUnified)];
  const settings = await first(places, readSystemdBoot);
  const grub = await first(places, (place) => readGrub(place, bls));
  const extlinux = await first(places, readExtlinux);
  const specified = [...bls, ...unified.map(({ entry }) => entry)];
  const standard = standardOf(grub, specified, settings, extlinux);
  const entries = entriesOf(grub, specified, extlinux);
  const own = unified.flatMap(({ path, initrd }) => (initrd ? [{ path, source: initrd }] : []));
  return {
    command_line: standard && withoutLogins(standard.options),
    entries: entries.map((entry) => listed(entry, entry === standard)),
    grub: grub && { ...grub.grub, environment: grub.grub.environment.map(withoutSecret) },
    systemd_boot: settings,
    unified: unified.map(({ entry, initrd, ...kernel }) => shown(kernel)),
    initramfs: await readInitramfs(known, places, [...(standard ? [standard] : []), ...entries], own),
  };
}

/** GRUB's, unless systemd-boot has settings and something to start: who moved away from GRUB often left its menu. */
function standardOf(
  grub: FoundGrub | null,
  specified: readonly SortedEntry[],
  settings: SystemdBoot | null,
  extlinux: ExtlinuxMenu | null,
): BootEntry | null {
  const entry = standardEntry(specified, settings?.default ?? null);
  if (settings && entry) return entry;
  return (
    grub?.standard ??
    entry ??
    extlinux?.entries.find(({ id }) => id === extlinux.default) ??
    extlinux?.entries[0] ??
    null
  );
}

/** GRUB's with those of the specification that it takes up, then the others as systemd-boot has them, then extlinux's. */
function entriesOf(
  grub: FoundGrub | null,
  specified: readonly SortedEntry[],
  extlinux: ExtlinuxMenu | null,
): readonly BootEntry[] {
  const taken = new Set(grub?.entries.map(({ file }) => file));
  return [
    ...(grub?.entries ?? []),
    ...sorted(specified.filter(({ file }) => !taken.has(file))),
    ...(extlinux?.entries ?? []),
  ];
}

const shown = (kernel: UnifiedKernel): UnifiedKernel => ({
  ...kernel,
  command_line: kernel.command_line && withoutLogins(kernel.command_line),
});

/** Variables hold command lines, or parts of them. */
const withoutSecret = ({ name, value }: Grub["environment"][number]) => ({
  name,
  value: isSecretName(name) ? SECRET : withoutLogins(value),
});

const listed = (entry: BootEntry, isDefault: boolean): ListedEntry => ({
  kind: entry.kind,
  id: entry.id,
  title: entry.title,
  version: entry.version,
  file: entry.file,
  kernel: entry.kernel,
  initrds: entry.initrds,
  options: withoutLogins(entry.options),
  is_default: isDefault,
});

async function each<T>(
  places: readonly BootPlace[],
  read: (place: BootPlace) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const found: T[] = [];
  for (const place of places) for (const one of await read(place)) found.push(one);
  return found;
}

async function first<T>(
  places: readonly BootPlace[],
  read: (place: BootPlace) => Promise<T | null>,
): Promise<T | null> {
  for (const place of places) {
    const found = await read(place);
    if (found) return found;
  }
  return null;
}

async function readExtlinux({ tree, folder }: BootPlace): Promise<ExtlinuxMenu | null> {
  for (const name of EXTLINUX) {
    const menu = await menuIn(tree, `${folder}${name}`);
    if (menu) return menu;
  }
  return null;
}

async function menuIn(tree: Tree, file: string): Promise<ExtlinuxMenu | null> {
  const text = await tree.readText(file);
  const menu = text === null ? null : parseExtlinux(file, text);
  return menu && menu.entries.length > 0 ? menu : null;
}
