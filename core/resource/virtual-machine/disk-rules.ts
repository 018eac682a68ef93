import { problem, warning } from "../../engine/diagnostic.ts";
import { isObject, type ValueObject } from "../../model/value.ts";
import { entries, isGiven, type Rule } from "./fields.ts";

/** What a disk cannot be. */
interface Fault {
  readonly code: string;
  /** Of the disk. */
  readonly field: string;
  readonly isSo: (disk: ValueObject, machine: ValueObject) => boolean;
  readonly why: (disk: ValueObject) => string;
  readonly help: string;
}

const isOn = ({ bus }: ValueObject, ...buses: readonly string[]): boolean => buses.includes(String(bus));

const FAULTS: readonly Fault[] = [
  {
    code: "E_DISK_SIZE",
    field: "size",
    isSo: (disk) => isGiven(disk.size) && disk.overlay === false,
    why: () => "only an overlay has a size of its own",
    help: "Set overlay to true, or size on the disk_image.",
  },
  {
    code: "E_DISK_BUS",
    field: "bus",
    isSo: (disk, { machine }) => isOn(disk, "ide") && machine === "q35",
    why: () => "a q35 machine has no IDE controller",
    help: 'Set bus to "sata", or machine to "pc".',
  },
  {
    code: "E_DISK_SECTORS",
    field: "sector_size",
    isSo: (disk) => isGiven(disk.sector_size) && ![512, 4096].includes(Number(disk.sector_size)),
    why: (disk) => `no disk has sectors of ${String(disk.sector_size)} bytes`,
    help: "Use 512 or 4096.",
  },
  {
    code: "E_DISK_SECTORS",
    field: "sector_size",
    isSo: (disk) => disk.sector_size === 4096 && isOn(disk, "sata", "ide", "usb"),
    why: (disk) => `${String(disk.bus)} disks have sectors of 512 bytes alone`,
    help: 'Set bus to "virtio", "scsi" or "nvme".',
  },
  {
    code: "E_DISK_OVERLAY",
    field: "overlay",
    isSo: (disk) => disk.overlay === true && disk.read_only === true,
    why: () => "a disk that is only read needs no overlay",
    help: "Leave overlay or read_only out.",
  },
  {
    code: "E_DISK_READ_ONLY",
    field: "read_only",
    isSo: (disk) => disk.read_only === true && isOn(disk, "sata", "ide", "nvme"),
    why: (disk) => `${String(disk.bus)} knows no read-only disks`,
    help: 'Set bus to "virtio" or "scsi".',
  },
];

export const diskRules: Rule = (input) =>
  entries(input.disks).flatMap(([name, disk]) =>
    FAULTS.filter(({ isSo }) => isSo(disk, input)).map(({ code, field, why, help }) =>
      problem(code, ["disks", name, field], why(disk), help),
    ),
  );

/** Which of several disks is started from is a guess where nothing tells. */
export const bootDisk: Rule = ({ disks: found, cdroms, kernel, template_vm, base }) => {
  if (!isObject(found ?? null) || [kernel, template_vm, base].some((each) => (each ?? null) !== null)) return [];
  const all = entries(found);
  const tells = [...all, ...entries(cdroms)].some(
    ([name, { boot_order }]) => name === "root" || (boot_order ?? null) !== null,
  );
  const [first] = all.map(([name]) => name).toSorted();
  if (all.length < 2 || tells || first === undefined) return [];
  const message = `none of several disks is named root or has a boot_order: the firmware tries "${first}" first`;
  return [
    warning("W_BOOT_ORDER", ["disks"], message, "Name the one with the system root, or set its boot_order to 1."),
  ];
};
