import { APPLIANCE, type Recipe } from "../../../core/appliance/recipe.ts";

/** The appliance of every job, with what makes volumes and file systems beside what opens them, and a Python. */
export const TEST_MACHINE: Recipe = {
  ...APPLIANCE,
  packages: [
    ...APPLIANCE.packages,
    ...[
      "thin-provisioning-tools",
      "python3-minimal",
      "python3.11-minimal",
      "libpython3.11-minimal",
      "libpython3.11-stdlib",
    ],
  ],
  programs: [
    ...APPLIANCE.programs,
    ...["pdata_tools", "integritysetup", "veritysetup", "debugfs", "dumpe2fs", "xfs_db", "xfs_io", "python3.11"],
  ],
  data: [...APPLIANCE.data, "usr/lib/python3.11"],
};
