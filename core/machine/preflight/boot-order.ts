import type { MachineDisk } from "../machine.ts";

/** Disks as the firmware tries them: by boot_order, the rest by their names. */
export function bootOrder(disks: Readonly<Record<string, MachineDisk>> | null): readonly [string, MachineDisk][] {
  const place = (disk: MachineDisk) => disk.boot_order ?? Number.POSITIVE_INFINITY;
  return Object.entries(disks ?? {}).sort(([a, one], [b, other]) => {
    if (place(one) !== place(other)) return place(one) - place(other);
    return a < b ? -1 : 1;
  });
}
