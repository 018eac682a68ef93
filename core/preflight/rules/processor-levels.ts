import type { SystemFacts } from "../facts/facts.ts";

/**
 * Levels of the x86-64 psABI that QEMU's models have (docs/system/cpu-models-x86-abi.csv); 0 is 32-bit. Names without
 * version and suffix; models that are not listed say nothing.
 */
const MODELS: readonly (readonly [level: number, pattern: RegExp])[] = [
  [0, /^(?:486|pentium[23]?|athlon|coreduo|n270|qemu32|kvm32)$/],
  [1, /^(?:qemu64|kvm64|core2duo|phenom|Conroe|Penryn|Opteron_G[123])$/],
  [2, /^(?:Nehalem|Westmere|SandyBridge|IvyBridge|Denverton|Snowridge|Opteron_G[45])$/],
  [3, /^(?:Haswell|Broadwell|Skylake-Client|EPYC|EPYC-Rome|EPYC-Milan|Dhyana|KnightsMill)$/],
  [4, /^(?:Skylake-Server|Cascadelake-Server|Cooperlake|Icelake-Server|SapphireRapids|GraniteRapids|EPYC-Genoa)$/],
];

/** The level of a model; null where it is the host's (max, host), unknown, or changed by flags. */
export function levelOf(model: string): number | null {
  if (model.includes(",")) return null;
  const name = model.replace(/-v\d+$/, "").replace(/(?:-noTSX|-IBRS|-IBPB)+$/, "");
  return MODELS.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
}

/** What a distribution's release is built for, from a major version on. */
const BASELINES: readonly (readonly [distros: readonly string[], from: number, level: number])[] = [
  [["rhel", "centos", "rocky", "ol"], 10, 3],
  // AlmaLinux 10 is built for v2 as well.
  [["rhel", "centos", "rocky", "ol", "almalinux"], 9, 2],
  [["sles", "sles_sap", "opensuse-leap"], 16, 2],
  [["amzn"], 2023, 2],
  [["clear-linux-os"], 0, 2],
  [["cachyos"], 0, 3],
];

/** The level that a system needs; null where that is not known. */
export function baselineOf({ distro, version, arch }: SystemFacts): number | null {
  if (arch !== "x86_64") return null;
  const major = Number.parseInt(version ?? "0", 10) || 0;
  const found = BASELINES.find(([distros, from]) => distro !== null && distros.includes(distro) && major >= from);
  return found ? found[2] : 1;
}
