import { GuestkitError } from "../../kit/errors.ts";
import type { Machine } from "../machine.ts";

/** Everything that is wrong with a template, in one wording. */
const cannotStart = (code: string, name: string, why: string, help: string, field = "template_vm"): GuestkitError =>
  new GuestkitError(code, `Cannot start "${name}" from its template: ${why}`, { at: { field: [field] }, help });

export const unknownTemplate = (name: string, template: string): GuestkitError =>
  cannotStart(
    "E_TEMPLATE_UNKNOWN",
    name,
    `there is no machine "${template}"`,
    "Declare that machine and apply it first; guestkit vm list shows those that there are.",
  );

export const circle = (name: string, chain: readonly string[]): GuestkitError =>
  cannotStart(
    "E_TEMPLATE_CIRCLE",
    name,
    chain.map((each) => `"${each}"`).join(" starts from "),
    "One of them must have disks of its own: give it disks, or a base, instead of template_vm.",
  );

export const noDisks = (template: string): GuestkitError =>
  new GuestkitError("E_TEMPLATE_DISKS", `Cannot use "${template}" as a template: it has no disk that it writes to`, {
    at: { field: ["template_vm"] },
    help: "Give it a disk, or name another machine.",
  });

export const taken = ({ name, base }: Machine, disk: string): GuestkitError =>
  cannotStart(
    "E_TEMPLATE_DISK_TAKEN",
    name,
    `the disk "${disk}" is declared here as well`,
    "Give the machine's own disk another name.",
    base === null ? "disks" : "base",
  );
