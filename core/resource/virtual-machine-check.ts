import type { QueryImplementation } from "../engine/implementation.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { withBrought } from "../machine/brought.ts";
import { asMachine, type Machine } from "../machine/machine.ts";
import { formatPath, isList, type ValueObject } from "../model/value.ts";
import { checkMachine, chooseFor } from "../preflight/index.ts";
import { knownMachine } from "./machine-verbs/known.ts";

/** Binds the query `virtual_machine_check` to what plans ask. */
export const virtualMachineCheck: QueryImplementation = {
  read: async (input, context) => {
    const machine = await machineOf(input, context);
    const open = await chooseFor({ ...machine, wait_for: null, ssh: machine.ssh ?? NO_SSH }, context);
    const findings = await checkMachine(machine, context);
    return {
      findings: findings.map(({ path, ...rest }) => ({ ...rest, field: formatPath(path) })),
      firmware: open.kernel === null ? open.firmware : null,
      ready_by: (open.wait_for ?? []).map(({ condition }) => condition),
      ssh_user: open.ssh?.user ?? null,
      exit_code: findings.some(({ severity }) => severity === "error") ? 2 : 0,
    };
  },
};

const NO_SSH = { user: null, port: 22, private_key: null, network: null };

/** The machine of that name, or one made of an image and what is said beside it. */
async function machineOf(input: ValueObject, context: Context): Promise<Machine> {
  if (typeof input.name === "string") return await known(input.name, context);
  if (typeof input.image === "string") return imagined(input.image, input);
  throw new GuestkitError("E_CHECK_NOTHING", "Cannot check: neither a machine nor an image is named", {
    at: { field: ["name"] },
    help: "Name a machine (guestkit vm check NAME) or an image (guestkit vm check --image IMAGE).",
  });
}

/** What was turned off is told as well, as a warning. */
async function known(name: string, context: Context): Promise<Machine> {
  const { memory, folder } = await knownMachine({ name }, context);
  const machine = withBrought(memory.machine, folder);
  return { ...machine, preflight: machine.preflight === "off" ? "warn" : machine.preflight };
}

function imagined(image: string, input: ValueObject): Machine {
  const conditions = isList(input.wait_for ?? null) ? (input.wait_for as readonly string[]) : [];
  const share: ValueObject = {
    path: "/",
    mount: null,
    read_only: true,
    ownership: "squash",
    kind: input.share_kind ?? null,
  };
  return asMachine({
    ...PLAIN,
    cpu_model: input.cpu_model ?? "max",
    firmware: input.firmware ?? null,
    secure_boot: input.secure_boot ?? false,
    disks: { root: { ...DISK, image, bus: input.bus ?? "virtio", sector_size: input.sector_size ?? 512 } },
    shares: (input.share_kind ?? null) === null ? NONE : { share },
    ssh: input.user === null ? null : { ...NO_SSH, user: input.user ?? null },
    cloud_init: input.cloud_init === true ? {} : null,
    wait_for: conditions.map((condition) => ({ condition, timeout: 600, port: null, text: null })),
  });
}

const NONE: ValueObject = {};

const DISK = {
  format: null,
  allow_backing_files: false,
  overlay: true,
  size: null,
  read_only: false,
  discard: "unmap",
  cache: "writeback",
  boot_order: null,
  serial: null,
};

/** A machine as one declares it that says nothing. */
const PLAIN: ValueObject = {
  name: "check",
  running: true,
  cpus: 1,
  memory: 2 ** 30,
  balloon: null,
  machine: "q35",
  kernel: null,
  initrd: null,
  cmdline: null,
  tpm: false,
  cdroms: {},
  networks: null,
  graphics: null,
  provision: [],
  on_failure: "fail",
  console_log_size: 16 << 20,
  on_panic: "pause",
  labels: {},
  extra_args: [],
  autostart: false,
  delete_protection: false,
  preflight: "error",
  preflight_rules: {},
  timeouts: null,
};
