import type { Qmp } from "../../qemu/qmp/index.ts";

/** What the balloon tells of a guest's memory (bytes). */
export interface BalloonUsage {
  /** What it leaves to the guest; null without a balloon. */
  readonly actual: number | null;
  /** What the guest cannot do without; null where its driver does not say. */
  readonly used: number | null;
}

const BALLOON = { path: "/machine/peripheral/balloon" };
const INTERVAL = "guest-stats-polling-interval";

export async function balloonUsage(qmp: Qmp): Promise<BalloonUsage> {
  const actual = await qmp.execute("query-balloon").then(
    (answer) => answer.actual,
    () => null,
  );
  const stats = await qmp.execute("qom-get", { ...BALLOON, property: "guest-stats" }).catch(() => null);
  return { actual, used: usedOf(stats) };
}

/** Has QEMU ask the guest every so many seconds; with 0 it leaves it alone. Nothing is done without a balloon. */
export async function askGuestMemory(qmp: Qmp, seconds: number): Promise<void> {
  await qmp.execute("qom-set", { ...BALLOON, property: INTERVAL, value: seconds }).catch(() => {});
}

/** QEMU gives -1 for what the guest has not said. */
function usedOf(answer: unknown): number | null {
  const { stats } = (answer ?? {}) as { readonly stats?: Readonly<Record<string, unknown>> };
  const total = stats?.["stat-total-memory"];
  const available = stats?.["stat-available-memory"];
  const isBytes = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
  return isBytes(total) && isBytes(available) && available <= total ? total - available : null;
}
