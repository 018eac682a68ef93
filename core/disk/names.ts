/** As the kernel counts SCSI disks: /dev/sda, ..., /dev/sdz, /dev/sdaa; `index` from 0. */
export function diskName(index: number): string {
  const letter = String.fromCharCode(0x61 + (index % 26));
  return index < 26 ? `/dev/sd${letter}` : `${diskName(Math.floor(index / 26) - 1)}${letter}`;
}

/** A disk's partition: /dev/sda1, and /dev/md127p1 behind a digit. */
export function partitionName(disk: string, number: number): string {
  return `${disk}${/\d$/.test(disk) ? "p" : ""}${number}`;
}

/** The image that is named; others are added to it. */
export const FIRST_DISK = diskName(0);

const LETTERED = /^\/dev\/(?:s|v|h|xv|ub)d([a-z]{1,3})(\d*)$/;
const NUMBERED = /^\/dev\/(?:nvme(\d{1,4})n1|(?:mmcblk|loop)(\d{1,4}))(?:p(\d+))?$/;

/**
 * What a disk or partition is called here, by whatever driver's name: /dev/vdb1 and /dev/nvme1n1p1 are /dev/sdb1. Other
 * names stay as they are.
 */
export function ourName(device: string): string {
  const lettered = LETTERED.exec(device);
  if (lettered) return `/dev/sd${lettered[1]}${lettered[2]}`;
  const numbered = NUMBERED.exec(device);
  if (!numbered) return device;
  return `${diskName(Number(numbered[1] ?? numbered[2]))}${numbered[3] ?? ""}`;
}
