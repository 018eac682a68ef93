import type { Tree } from "../../../filesystem/tree.ts";
import { readUnitFile, UNIT_FOLDERS } from "../../unit-file.ts";
import type { Units } from "../../units.ts";

/** A timer of systemd (systemd.timer(5)). */
export interface Timer {
  readonly name: string;
  /** What it starts. */
  readonly unit: string;
  /** `OnCalendar=daily`, `OnBootSec=15min`. */
  readonly triggers: readonly string[];
  /** Whether something pulls it in when the system starts. */
  readonly enabled: boolean;
}

const TRIGGERS = ["OnActiveSec", "OnBootSec", "OnStartupSec", "OnUnitActiveSec", "OnUnitInactiveSec", "OnCalendar"];

/** Every timer that has a fragment, by name. Masked ones are none. */
export async function readTimers(tree: Tree, units: Units | null): Promise<readonly Timer[]> {
  const names = new Set<string>();
  const pulled = new Set(units?.enabled.map(({ name }) => name));
  for (const folder of UNIT_FOLDERS) {
    for (const name of await tree.names(folder)) if (name.endsWith(".timer")) names.add(name);
    for (const name of await tree.names(`${folder}/timers.target.wants`)) pulled.add(name);
  }
  const masked = new Set(units?.masked);
  const timers: Timer[] = [];
  for (const name of [...names].sort()) {
    const timer = masked.has(name) ? null : await readTimer(tree, name, pulled.has(name));
    if (timer) timers.push(timer);
  }
  return timers;
}

async function readTimer(tree: Tree, name: string, enabled: boolean): Promise<Timer | null> {
  const file = await readUnitFile(tree, name);
  if (!file) return null;
  const unit = file.values("Timer", "Unit").at(-1) ?? name.replace(/\.timer$/, ".service");
  const triggers = TRIGGERS.flatMap((key) => file.values("Timer", key).map((value) => `${key}=${value}`));
  return { name, unit, triggers, enabled };
}
