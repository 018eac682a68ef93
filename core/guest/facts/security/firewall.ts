import type { Tree } from "../../../filesystem/tree.ts";
import { parseAssignments } from "../../assignments.ts";
import type { Known } from "../fact.ts";
import { type Firewalld, readFirewalld } from "./firewalld.ts";
import { parseIptables, parseNftables, type Rules } from "./rules.ts";

/** A file of rules that one of the usual services loads. */
export interface RuleFile extends Rules {
  readonly path: string;
  readonly kind: "nftables" | "iptables" | "ip6tables";
  /** A unit that loads it starts with the system; null where that is not known. */
  readonly enabled: boolean | null;
}

export interface Ufw {
  /** By its own setting, without which its unit does nothing. */
  readonly enabled: boolean;
  /** What becomes of what no rule names: `drop`, `reject`, `accept`. */
  readonly input: string | null;
}

export interface Firewall {
  readonly files: readonly RuleFile[];
  readonly firewalld: Firewalld | null;
  readonly ufw: Ufw | null;
}

interface Place {
  readonly path: string;
  readonly kind: RuleFile["kind"];
  /** Of which one is enabled. */
  readonly units: readonly string[];
}

const PERSISTENT = ["netfilter-persistent.service"];

/** Where Debian, Red Hat, SUSE, Arch and Alpine keep them. */
const FILES: readonly Place[] = [
  { path: "/etc/nftables.conf", kind: "nftables", units: ["nftables.service"] },
  { path: "/etc/sysconfig/nftables.conf", kind: "nftables", units: ["nftables.service"] },
  { path: "/etc/nftables.nft", kind: "nftables", units: ["nftables.service"] },
  { path: "/etc/iptables/rules.v4", kind: "iptables", units: PERSISTENT },
  { path: "/etc/iptables/rules.v6", kind: "ip6tables", units: PERSISTENT },
  { path: "/etc/sysconfig/iptables", kind: "iptables", units: ["iptables.service"] },
  { path: "/etc/sysconfig/ip6tables", kind: "ip6tables", units: ["ip6tables.service"] },
  { path: "/etc/iptables/iptables.rules", kind: "iptables", units: ["iptables.service"] },
  { path: "/etc/iptables/ip6tables.rules", kind: "ip6tables", units: ["ip6tables.service"] },
  { path: "/etc/iptables/rules-save", kind: "iptables", units: [] },
  { path: "/etc/iptables/rules6-save", kind: "ip6tables", units: [] },
];

export async function readFirewall(known: Pick<Known, "tree" | "units" | "warn">): Promise<Firewall> {
  const { tree, units } = known;
  const enabled = new Set(units?.enabled.map(({ name }) => name));
  const files: RuleFile[] = [];
  for (const { path, kind, units: its } of FILES) {
    const text = await tree.readText(path);
    if (text === null) continue;
    const rules = kind === "nftables" ? parseNftables(text) : parseIptables(text);
    files.push({
      path,
      kind,
      enabled: units && its.length > 0 ? its.some((unit) => enabled.has(unit)) : null,
      ...rules,
    });
  }
  return {
    files,
    firewalld: await readFirewalld(known, units && enabled.has("firewalld.service")),
    ufw: await readUfw(tree),
  };
}

async function readUfw(tree: Tree): Promise<Ufw | null> {
  const text = await tree.readText("/etc/ufw/ufw.conf");
  if (text === null) return null;
  const defaults = parseAssignments((await tree.readText("/etc/default/ufw")) ?? "");
  return {
    enabled: parseAssignments(text).get("ENABLED")?.toLowerCase() === "yes",
    input: defaults.get("DEFAULT_INPUT_POLICY")?.toLowerCase() ?? null,
  };
}
