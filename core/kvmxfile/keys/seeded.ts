import type { Work } from "../key.ts";

/** Labels of letters and digits. */
export const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** Whether cloud-init is in the guest: in images that guestkit makes, and in machines that start from such a one. */
export const seeded = ({ origin }: Work): boolean => origin.kind === "bootstrap" || origin.kind === "template";

/** What kvmx-create alone reads means nothing where it makes no image. */
export const isBootstrapped = ({ origin }: Work): boolean => origin.kind === "bootstrap";

/** Whether the disk is declared here, and not another machine's. */
export const hasRoot = ({ origin }: Work): boolean =>
  ["bootstrap", "overlay", "copy", "existing"].includes(origin.kind);
