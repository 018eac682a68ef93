import type { MachineDisk } from "../machine.ts";

/** Disks as the firmware tries them: by boot_order, then the one named root, the rest by their names. */
export function bootOrder(disks: Readonly<Record<string, MachineDisk>> | null): readonly [string, MachineDisk][] {
  const place = ([name, { boot_order }]: [string, MachineDisk]) => boot_order ?? (name === "root" ? LAST : LAST + 1);
  return Object.entries(disks ?? {}).sort((one, other) => {
    if (place(one) !== place(other)) return place(one) - place(other);
    return one[0] < other[0] ? -1 : 1;
  });
}

/** Above every place that can be declared. */
const LAST = 1_000;
