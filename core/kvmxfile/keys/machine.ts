import type { Key, Work } from "../key.ts";
import { isOn } from "../origin.ts";
import { image, machine, notNeeded, type Outcome, partly, translated, untranslated } from "../outcome.ts";
import { HOST_NAME, seeded } from "./seeded.ts";

const fullName = (hostname: string, domain: string | null) =>
  domain !== null && HOST_NAME.test(`${hostname}.${domain}`) ? `${hostname}.${domain}` : hostname;

function hostname(value: string, work: Work): Outcome {
  if (!HOST_NAME.test(value)) return untranslated("it is no host name", "Set cloud_init.hostname.");
  if (!seeded(work)) return notNeeded("The box keeps its own; `name` is what guestkit calls the machine.");
  const settings = [machine(["cloud_init", "hostname"], fullName(value, work.get("domain")))];
  if (work.origin.kind !== "bootstrap") return translated(settings);
  return translated([...settings, image(["bootstrap", "hostname"], value)]);
}

function memory(value: string): Outcome {
  const found = /^(\d{1,9})([MmGg]?)$/.exec(value);
  if (!found || Number(found[1]) === 0) return untranslated("it is no number of MiB", "Set memory: 2G.");
  return translated(machine("memory", `${found[1]}${(found[2] || "M").toUpperCase()}`));
}

function smp(value: string): Outcome {
  const [count = "", ...topology] = value.split(",");
  const cpus = Number(/^(?:cpus=)?(\d{1,4})$/.exec(count)?.[1] ?? 0);
  if (cpus < 1 || cpus > 1024) return untranslated("it is no number of processors", "Set cpus: 2.");
  const left = { why: "guestkit lays the processors out itself: one socket", instead: "Leave it at that." };
  return partly([machine("cpus", cpus)], topology.length > 0 ? [left] : []);
}

/** Arguments of QEMU that are a field here, or guestkit's own business. */
const FIELDS: Readonly<Record<string, string>> = {
  "-m": "memory",
  "-smp": "cpus",
  "-name": "name",
  "-nographic": "graphics",
  "-display": "graphics",
  "-vnc": "graphics",
  "-spice": "graphics",
  "-vga": "graphics",
  "-drive": "disks",
  "-hda": "disks",
  "-hdb": "disks",
  "-cdrom": "cdroms",
  "-net": "networks",
  "-nic": "networks",
  "-netdev": "networks",
  "-machine": "machine",
  "-M": "machine",
  "-bios": "firmware",
  "-kernel": "kernel",
  "-initrd": "initrd",
  "-append": "cmdline",
  "-virtfs": "shares",
  "-daemonize": "nothing: guestkit starts it so",
  "-pidfile": "nothing: guestkit starts it so",
  "-monitor": "nothing: guestkit has its own",
  "-qmp": "nothing: guestkit has its own",
};

function qemuOpts(value: string): Outcome {
  if (/secret|passw/i.test(value)) return untranslated("it may hold a secret", "Give it to the guest in another way.");
  const words = value.trim().split(/\s+/);
  const settings = [];
  const left = [];
  const rest: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const next = words[at + 1];
    const parameter = next !== undefined && !next.startsWith("-") ? next : null;
    if (word === "-snapshot") settings.push(machine("snapshot_mode", true));
    else if (word === "-cpu" && parameter !== null) settings.push(machine("cpu_model", parameter));
    else if (Object.hasOwn(FIELDS, word)) {
      left.push({ why: `${word} has a place of its own`, instead: `The field for ${word} is ${FIELDS[word]}.` });
    } else if (word !== "-enable-kvm") {
      rest.push(word, ...(parameter === null ? [] : [parameter]));
    }
    if (parameter !== null) at++;
  }
  if (rest.length === 0) return partly(settings, left);
  // A USB device needs a controller, which guestkit adds for its own devices alone.
  const controller = rest.some((word) => /^usb-/.test(word)) && !rest.some((word) => /xhci|ehci|uhci/.test(word));
  const list = controller ? ["-device", "qemu-xhci,id=kvmx-usb", ...rest] : rest;
  const note =
    "Passed to QEMU as it is: guestkit knows nothing of it, and a wrong one keeps the machine from starting.";
  return partly([...settings, machine("extra_args", list)], left, note);
}

/** The machine itself. */
export const machineKeys: readonly Key[] = [
  {
    name: "hostname",
    ours: "`cloud_init.hostname`, `bootstrap.hostname`",
    about: "A basebox keeps its own. The machine's `name` is that of the folder, as in kvmx, or `--name`.",
    translate: hostname,
  },
  {
    name: "domain",
    ours: "`cloud_init.hostname`",
    about: "The host name is written in full.",
    translate: (value, work) =>
      seeded(work) && work.get("hostname") !== null && HOST_NAME.test(`a.${value}`)
        ? translated([], "Part of cloud_init.hostname.")
        : notNeeded("The box keeps its own."),
  },
  { name: "memory", ours: "`memory`", about: "In MiB there, with a unit here.", translate: memory },
  { name: "smp", ours: "`cpus`", about: "The number alone.", translate: smp },
  {
    name: "arch",
    ours: "`bootstrap.architecture`",
    about: "amd64.",
    translate: (value) =>
      /^(amd64|x86_64)$/.test(value)
        ? notNeeded("It is what guestkit makes and runs.")
        : untranslated("guestkit runs x86-64 alone", "Keep this machine on kvmx."),
  },
  {
    name: "virtio_rng",
    ours: "always there",
    about: "Each machine has a virtio-rng device, without a limit.",
    translate: () => notNeeded("Each machine has a virtio-rng device."),
  },
  {
    name: "usb",
    ours: "as needed; `extra_args`",
    about:
      "A USB 3 controller comes with whatever needs one: a screen, a disk on `bus: usb`, a `usb-host` of `qemu_opts`.",
    translate: () => notNeeded("A USB 3 controller comes with whatever needs one."),
  },
  {
    name: "qemu_opts",
    ours: "`extra_args`, `snapshot_mode`, `cpu_model`",
    about:
      "`-snapshot` and `-cpu` have fields; what guestkit says itself (`-m`, `-drive`) is named; the rest is passed on.",
    translate: qemuOpts,
  },
  {
    name: "supervise_manage",
    ours: "`autostart`",
    about: "By this user's systemd. `guestkit vm foreach` works on all machines whatever it says.",
    translate: (value) =>
      isOn(value)
        ? translated(
            machine("autostart", true),
            "Started with this user's systemd; loginctl enable-linger keeps it running.",
          )
        : notNeeded("It is off, as it is here."),
  },
];
