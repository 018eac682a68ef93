/** Schemas of the groups of facts that are asked for by name: a field each of a system's report. */
import { z } from "zod";
import { ALL_FACTS, FACT_GROUPS, type FactGroup } from "../../kit/fact-groups.ts";
import { readFrom } from "../read-from.ts";
import { accessReport } from "./access.ts";
import { bootReport } from "./boot.ts";
import { containersReport } from "./containers.ts";
import { flatpaksReport } from "./flatpaks.ts";
import { historyReport } from "./history.ts";
import { languagesReport } from "./languages.ts";
import { scheduleReport } from "./schedule.ts";
import { securityReport } from "./security.ts";
import { servicesReport } from "./services.ts";
import { storageReport } from "./storage.ts";

/** `from` says where in the guest it is read: files, folders. */
const asked = <T extends z.ZodType>(group: FactGroup, schema: T, what: string, ...from: readonly string[]) =>
  schema
    .meta({ id: `${group.charAt(0).toUpperCase()}${group.slice(1)}Report` })
    .nullable()
    .describe(`${what} Null unless facts names ${group}, or where it could not be read.`)
    .meta(readFrom(...from));

const CLOCK = [
  ...["/etc/crontab", "/etc/cron.d", "/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly", "/etc/cron.monthly"],
  ...["/var/spool/cron", "/etc/crontabs", "/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"],
] as const;

const LOGIN = [
  ...["/etc/passwd", "/etc/shadow", "/etc/sudoers", "/etc/sudoers.d", "/etc/doas.conf", "/etc/doas.d"],
  ...["/etc/ssh", "~/.ssh/authorized_keys"],
] as const;

const INIT = [
  ...["/etc/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"],
  ...["/run/systemd", "/etc/systemd/system-preset", "/usr/lib/systemd/system-preset", "/lib/systemd/system-preset"],
  ...[
    "/etc/init.d",
    "/etc/rc.d",
    "/etc/rc*.d",
    "/etc/runlevels",
    "/etc/sv",
    "/etc/runit",
    "/etc/service",
    "/var/service",
  ],
] as const;

const STORES = [
  ...["/var/lib/docker", "/etc/docker/daemon.json", "/var/lib/containers/storage", "/etc/containers", "~/.local/share"],
  ...["/var/lib/containerd", "/etc/kubernetes/manifests", "/opt", "/srv", "~"],
] as const;

const PAST = [
  ...["/var/log/wtmp", "/var/log/btmp", "/var/lib/wtmpdb/wtmp.db", "/var/log/lastlog", "/var/lib/lastlog/lastlog2.db"],
  ...["/var/log/installer", "/var/lib/cloud", "/etc/machine-id", "/etc/passwd"],
] as const;

/** Fields of a system's report. */
export const factFields = {
  flatpaks: asked(
    "flatpaks",
    flatpaksReport,
    "Applications and runtimes that flatpak has installed.",
    ...["/var/lib/flatpak", "~/.local/share/flatpak"],
  ),
  containers: asked("containers", containersReport, "What runs containers, and what they are made of.", ...STORES),
  history: asked("history", historyReport, "Who was there and when the system ran.", ...PAST),
  boot: asked(
    "boot",
    bootReport,
    "How the system starts, by the files of its boot loaders.",
    ...["grub.cfg", "grubenv", "loader/entries", "loader/loader.conf", "EFI/Linux", "extlinux.conf", "syslinux.cfg"],
    ...["in /boot, /efi, /boot/efi and boot partitions"],
  ),
  access: asked("access", accessReport, "Who gets in, and who may do what another one may.", ...LOGIN),
  languages: asked(
    "languages",
    languagesReport,
    "Packages of languages: Python, npm, RubyGems, Go, Rust, Maven.",
    ...["*.dist-info", "*.egg-info", "node_modules", "specifications", "programs", "jars"],
    ...["/usr", "/opt", "/srv", "/app", "/var/www", "/var/lib/gems", "~/.local"],
  ),
  schedule: asked("schedule", scheduleReport, "What runs by the clock.", ...CLOCK),
  security: asked(
    "security",
    securityReport,
    "What confines programs, what keeps packets out, and what lies about that lets somebody in.",
    ...["/etc/selinux", "/etc/apparmor.d", "/etc/nftables.conf", "/etc/iptables", "/etc/sysconfig", "/etc/firewalld"],
    ...["/etc/ufw", "/etc/ssl", "/etc/pki", "/etc/letsencrypt", "/usr/local/share/ca-certificates", "/etc/kubernetes"],
    ...["/etc/*", "~"],
  ),
  storage: asked(
    "storage",
    storageReport,
    "What the system's own files say of mounts, swap, encrypted devices and arrays.",
    ...["/etc/fstab", "/etc/crypttab", "/etc/mdadm/mdadm.conf", "/etc/mdadm.conf", "units of swap"],
    ...["zram-generator.conf", "/etc/default/zramswap"],
  ),
  services: asked("services", servicesReport, "What starts with the system, and what could.", ...INIT),
} satisfies Record<FactGroup, z.ZodType>;

/** The input field that chooses among them. */
export const facts = () =>
  z
    .array(z.enum([...FACT_GROUPS, ALL_FACTS]))
    .optional()
    .describe("Groups of facts to gather beside those that always are: all, or their names.");
