import type { FieldPath } from "../../engine/path.ts";
import { parameter } from "../../guest/command-line.ts";
import { isObject, isWhollyKnown } from "../../model/value.ts";
import type { SystemFacts } from "../facts/facts.ts";
import type { Fault, Rule } from "../rule.ts";
import type { Subject } from "../subject.ts";
import { instanceId } from "./first-boot.ts";
import { cannot, image, mayBeEnabled } from "./words.ts";

export const cloudInitMissing: Rule = {
  code: "P_CLOUD_INIT_MISSING",
  severity: "error",
  summary: "cloud-init is told or waited for, and it is not installed.",
  explanation: "Looked at: the program /usr/bin/cloud-init.",
  help: "Add cloud-init to the image's packages, or make users and files in the image itself (disk_image.bootstrap, files).",
  check: (subject) =>
    needing(subject, (facts) => (facts.installed ? null : `${image(subject)} has no /usr/bin/cloud-init`)),
};

export const cloudInitDisabled: Rule = {
  code: "P_CLOUD_INIT_DISABLED",
  severity: "error",
  summary: "cloud-init is told or waited for, and the image keeps it from starting.",
  explanation:
    "By /etc/cloud/cloud-init.disabled, a ds-identify policy, masked or never enabled units, or cloud-init=disabled on the kernel's command line.",
  help: "Remove what disables it from the image (the file; systemctl unmask and enable cloud-init).",
  check: (subject) =>
    needing(subject, (facts, system) => {
      if (!facts.installed) return null;
      if (facts.disabledBy !== null) return `${facts.disabledBy} in ${image(subject)} disables it`;
      const lines = subject.firmware === null ? [] : system.commandLines;
      const off = lines.filter(({ text }) => parameter(text, "cloud-init") === "disabled");
      if (off.length > 0 && off.length === lines.length)
        return `${off[0]?.file} in ${image(subject)} says cloud-init=disabled`;
      if (!system.systemd || facts.enabled || mayBeEnabled(subject, /^cloud-/)) return null;
      return `no unit of it is enabled below /etc/systemd/system in ${image(subject)}, or one is masked`;
    }),
};

export const cloudInitDatasource: Rule = {
  code: "P_CLOUD_INIT_DATASOURCE",
  severity: "error",
  summary: "cloud-init does not look for the medium that it is given: its datasource list lacks NoCloud.",
  explanation: "Looked at: datasource_list in /etc/cloud/cloud.cfg and cloud.cfg.d, of which the last one counts.",
  help: "Add NoCloud to the list in that file of the image, or remove the list.",
  check: (subject) =>
    !subject.seed
      ? []
      : needing(subject, ({ installed, datasources, datasourcesIn }) =>
          !installed || datasources === null || datasources.includes("NoCloud")
            ? null
            : `${datasourcesIn} in ${image(subject)} has datasource_list: [${datasources.join(", ")}], without NoCloud`,
        ),
};

export const cloudInitRan: Rule = {
  code: "P_CLOUD_INIT_RAN",
  severity: "error",
  summary: "cloud-init ran in this image already, and takes this boot for a later one of the same instance.",
  explanation:
    "Users, keys and scripts are made once for each instance-id. An id that follows from the declaration is always a new one; a fault is only an id of your own that the image has seen (/var/lib/cloud/instance), or manual_cache_clean: true.",
  help: "Leave instance_id out, choose another one, or clean the image before it is copied: cloud-init clean --logs.",
  check: (subject) => {
    const { seed, made } = subject;
    if (!seed || made || !isWhollyKnown(seed.fields)) return [];
    return needing(subject, ({ installed, instanceId: seen, keepsInstance }) => {
      if (!installed || seen === null) return null;
      if (keepsInstance) return `it ran for instance "${seen}" in ${image(subject)}, and manual_cache_clean keeps that`;
      if (instanceId(seed.fields) !== seen) return null;
      return `/var/lib/cloud/instance in ${image(subject)} shows that it ran for instance-id "${seen}" already`;
    });
  },
};

export const cloudInitNoSeed: Rule = {
  code: "P_CLOUD_INIT_NO_SEED",
  severity: "warning",
  summary: "cloud-init is waited for, and nothing tells it anything.",
  explanation: "Without a data source its generator does not start it at all, on most distributions.",
  help: "Declare cloud_init (an empty one does), put a cloud_init_seed into a drive, or wait for ssh or agent.",
  check: (subject) => {
    const media = Object.values(subject.machine.cdroms ?? {}).some(({ image }) => image !== null);
    if (subject.seed || media || !subject.knows("cdroms") || !subject.knows("cloud_init")) return [];
    if (!subject.system?.cloudInit?.installed) return [];
    const what = "wait_for has cloud_init, and there is neither cloud_init nor a seed in a drive";
    return waitPaths(subject).map((path) => ({ message: cannot(subject, what, "wait for"), path }));
  },
};

const RENDERED: Readonly<Record<string, { readonly needs: string; readonly package: string }>> = {
  networkd: { needs: "networkd", package: "systemd-networkd" },
  NetworkManager: { needs: "network-manager", package: "NetworkManager" },
};

export const networkRenderer: Rule = {
  code: "P_NETWORK_RENDERER",
  severity: "error",
  summary: "Nothing in the image can carry the network's configuration out.",
  explanation:
    "cloud-init writes for ifupdown, netplan, systemd-networkd, NetworkManager or sysconfig, whichever is there and its configuration allows; netplan hands on to systemd-networkd or NetworkManager. Looked at: their programs, system_info.network.renderers, the renderer that network_config or /etc/netplan asks for.",
  help: "Install netplan.io, systemd-networkd, NetworkManager or ifupdown in the image, or ask for the renderer that is there.",
  check: (subject) => {
    const { system, seed } = subject;
    if (!system?.renderers) return [];
    const all = system.renderers;
    const asked = seed ? askedRenderer(seed.fields.network_config) : null;
    const lacks =
      asked && RENDERED[asked] && all.includes("netplan") && !all.includes(RENDERED[asked].needs as "networkd");
    if (seed && lacks) {
      const what = `network_config asks for renderer ${asked}, and ${image(subject)} has no ${RENDERED[asked]?.package}`;
      return [{ message: cannot(subject, what, "reach"), path: [...seed.path, "network_config"] }];
    }
    return [...unrendered(subject, system), ...unrenderedNetplan(subject, system)];
  },
};

function unrendered(subject: Subject, { cloudInit, renderers, systemd }: SystemFacts): readonly Fault[] {
  const { seed } = subject;
  if (!seed || !systemd || !cloudInit?.installed || cloudInit.leavesNetwork) return [];
  const allowed = (renderers ?? []).filter((each) => cloudInit.renderers?.includes(each) ?? true);
  if (allowed.length > 0) return [];
  const only = cloudInit.renderers ? ` of those that its configuration allows (${cloudInit.renderers.join(", ")})` : "";
  const what = `cloud-init finds no renderer${only} in ${image(subject)}: no netplan, systemd-networkd, NetworkManager or ifup`;
  return [{ message: cannot(subject, what, "reach"), path: seed.path }];
}

/** The image's own netplan files, where cloud-init does not write others. */
function unrenderedNetplan(
  subject: Subject,
  { netplan, renderers, cloudInit, systemd }: SystemFacts,
): readonly Fault[] {
  if (!netplan || !systemd || !renderers?.includes("netplan") || (subject.seed && cloudInit?.installed)) return [];
  const asked = RENDERED[netplan.renderer ?? "networkd"];
  if (!asked || renderers.includes(asked.needs as "networkd")) return [];
  const what = `${netplan.file} in ${image(subject)} is carried out by ${asked.package}, which is not installed`;
  const path = subject.boot ? ["disks", subject.boot.key, "image"] : ["disks"];
  return [{ message: cannot(subject, what, "reach"), path }];
}

function askedRenderer(config: unknown): string | null {
  return typeof config === "string" ? (/^\s*["']?renderer["']?\s*:\s*["']?(\w+)/m.exec(config)?.[1] ?? null) : null;
}

/** A fault for what declares cloud-init, else for each wait for it. */
function needing(
  subject: Subject,
  check: (facts: NonNullable<SystemFacts["cloudInit"]>, system: SystemFacts) => string | null,
): readonly Fault[] {
  const { system, seed } = subject;
  const paths = seed ? [seed.path] : waitPaths(subject);
  const why = system?.cloudInit && paths.length > 0 ? check(system.cloudInit, system) : null;
  if (why === null) return [];
  return paths.map((path) => ({ message: cannot(subject, `cloud-init is asked for, and ${why}`, "set up"), path }));
}

function waitPaths({ machine }: Subject): readonly FieldPath[] {
  return (machine.wait_for ?? []).flatMap(({ condition }, index) =>
    condition === "cloud_init" ? [["wait_for", index]] : [],
  );
}

export const growpartMissing: Rule = {
  code: "P_GROWPART_MISSING",
  severity: "warning",
  summary: "The disk is made larger, and the image has nothing that would make the root larger with it.",
  explanation: "Looked at: whether growpart, which cloud-init calls at the first boot, is installed.",
  help: "Add cloud-guest-utils (cloud-utils-growpart, growpart) to the image's packages, or grow the root inside the guest.",
  check: (subject) => {
    const { boot, system, seed } = subject;
    const size = boot?.disk.size ?? null;
    const facts = boot?.facts ?? null;
    if (!seed || !facts || size === null || size <= facts.virtualSize || facts.table === null) return [];
    if (!system?.programs || system.programs.includes("growpart")) return [];
    const what = `${image(subject)} has no growpart: the root stays as it is on a disk of ${size} bytes`;
    return [{ message: cannot(subject, what, "grow the root of"), path: ["disks", boot?.key ?? "", "size"] }];
  },
};

export const sudoMissing: Rule = {
  code: "P_SUDO_MISSING",
  severity: "warning",
  summary: "A user is to become root with sudo, and it is not installed.",
  explanation: "Looked at: /usr/bin/sudo, and the packages that cloud-init installs.",
  help: "Add sudo to the image's packages.",
  check: (subject) => {
    const { system, seed } = subject;
    const users = seed?.fields.users;
    const [name] = isObject(users ?? null)
      ? (Object.entries(users as object).find(([, user]) => user?.sudo === true) ?? [])
      : [];
    const added = seed?.fields.packages;
    const comes = Array.isArray(added) && added.includes("sudo");
    if (!seed || name === undefined || !system?.programs || system.programs.includes("sudo") || comes) return [];
    const what = `${image(subject)} has no sudo, with which "${name}" is to become root`;
    return [{ message: cannot(subject, what, "make a user of"), path: [...seed.path, "users", name] }];
  },
};
