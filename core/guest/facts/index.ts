import { FACT_GROUPS, type FactGroup } from "../../kit/fact-groups.ts";
import type { Access } from "./access/index.ts";
import type { Boot } from "./boot/index.ts";
import type { Containers } from "./containers/index.ts";
import type { FactKind } from "./fact.ts";
import type { Flatpak } from "./flatpaks/index.ts";
import type { History } from "./history/index.ts";
import type { LanguagePackage } from "./languages/index.ts";
import type { Schedule } from "./schedule/index.ts";
import type { Security } from "./security/index.ts";
import type { Service } from "./services/index.ts";
import type { Storage } from "./storage/index.ts";

export type { Known, KnownDevice } from "./fact.ts";

/** What each group says of a system. */
interface Facts {
  readonly flatpaks: readonly Flatpak[];
  readonly access: Access;
  readonly boot: Boot;
  readonly containers: Containers;
  readonly history: History;
  readonly languages: readonly LanguagePackage[];
  readonly schedule: Schedule;
  readonly security: Security;
  readonly services: readonly Service[];
  readonly storage: Storage;
}

/** A system's groups: null where one was not asked for, or could not be read (then a warning says why). */
export type FactFields = { readonly [K in FactGroup]: Facts[K] | null };

/** Each is loaded by the first inspection that asks for it. */
const KINDS: { readonly [K in FactGroup]: () => Promise<FactKind<Facts[K]>> } = {
  access: async () => (await import("./access/index.ts")).access,
  boot: async () => (await import("./boot/index.ts")).boot,
  containers: async () => (await import("./containers/index.ts")).containers,
  history: async () => (await import("./history/index.ts")).history,
  flatpaks: async () => (await import("./flatpaks/index.ts")).flatpaks,
  languages: async () => (await import("./languages/index.ts")).languages,
  schedule: async () => (await import("./schedule/index.ts")).schedule,
  security: async () => (await import("./security/index.ts")).security,
  services: async () => (await import("./services/index.ts")).services,
  storage: async () => (await import("./storage/index.ts")).storage,
};

/** How a group is read. */
export async function factKind(group: FactGroup): Promise<FactKind<Facts[FactGroup]>> {
  return await KINDS[group]();
}

/** Of a system whose groups nobody asked for. */
export const NO_FACTS = Object.fromEntries(FACT_GROUPS.map((group) => [group, null])) as unknown as FactFields;
