import { z } from "zod";
import { conflictsWith, hostPath, live, refersTo, restart } from "../../declare.ts";

/** What a machine's disks start from. */
export const templateFields = {
  template_vm: z
    .string()
    .optional()
    .meta({ ...restart, ...refersTo("virtual_machine"), ...conflictsWith("base") })
    .describe(
      "Another machine whose written disks this one starts from, by their names; it must not run meanwhile. Disks declared beside them are the machine's own data.",
    ),
  base: hostPath()
    .optional()
    .meta(restart)
    .describe("An image (path, or id of a disk_image) that the disk named root starts from. It stays as it is."),
  backing_file: z
    .boolean()
    .default(true)
    .meta(restart)
    .describe("Whether disks of template_vm or base are thin overlays; false copies them whole."),
  recreate_overlay: z
    .enum(["always", "never"])
    .optional()
    .meta(live)
    .describe(
      "always: the machine's own copies of disks are thrown away and made anew at every start; never: they are kept. Left out: always with template_vm or base, never otherwise.",
    ),
  snapshot_mode: z
    .boolean()
    .default(false)
    .meta(restart)
    .describe("Whatever the guest writes to any disk is forgotten when it stops (QEMU's -snapshot)."),
};
