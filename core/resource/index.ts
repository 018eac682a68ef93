import type { EngineOptions, Implementations } from "../engine/index.ts";
import { Engine } from "../engine/index.ts";

export { pruneCache } from "./cache.ts";
export { examineHost, type Finding } from "./doctor.ts";

/** Contract -> implementation, loaded when first used. */
export const implementations: Implementations = {
  resources: {
    cloud_init_seed: async () => (await import("./cloud-init-seed.ts")).cloudInitSeed,
    disk_image: async () => (await import("./disk-image.ts")).diskImage,
    virtual_machine: async () => (await import("./virtual-machine.ts")).virtualMachine,
  },
  queries: {
    inspection: async () => (await import("./inspection.ts")).inspection,
    image_diff: async () => (await import("./image-diff.ts")).imageDiff,
    image_sbom: async () => (await import("./image-sbom.ts")).imageSbom,
    image_info: async () => (await import("./image-info.ts")).imageInfo,
    file_content: async () => (await import("./file-content.ts")).fileContent,
    virtual_machine_check: async () => (await import("./virtual-machine-check.ts")).virtualMachineCheck,
    virtual_machine_info: async () => (await import("./machine-verbs/lists.ts")).virtualMachineInfo,
    virtual_machines: async () => (await import("./machine-verbs/lists.ts")).virtualMachines,
    vm_usage: async () => (await import("./machine-verbs/usage.ts")).vmUsage,
    ci_jobs: async () => (await import("./ci/look.ts")).ciJobs,
    ci_status: async () => (await import("./ci/look.ts")).ciStatus,
    vm_snapshots: async () => (await import("./machine-verbs/snapshots.ts")).vmSnapshots,
    key_pair: async () => (await import("./secret/key-pair.ts")).keyPair,
    password_hash: async () => (await import("./secret/password-hash.ts")).passwordHash,
    file_secret: async () => (await import("./file-content.ts")).fileContent,
    parse_size: async () => (await import("./function/parse-size.ts")).parseSize,
    mac_for: async () => (await import("./function/mac-for.ts")).macFor,
    file_digest: async () => (await import("./function/file-digest.ts")).fileDigest,
  },
  actions: {
    ci_install: async () => (await import("./ci/schedule.ts")).ciInstall,
    ci_job: async () => (await import("./ci/declare.ts")).ciJob,
    ci_run: async () => (await import("./ci/run.ts")).ciRun,
    ci_uninstall: async () => (await import("./ci/schedule.ts")).ciUninstall,
    copy: async () => (await import("./copy.ts")).copy,
    vm_up: async () => (await import("./machine-verbs/power.ts")).vmUp,
    vm_stop: async () => (await import("./machine-verbs/power.ts")).vmStop,
    vm_kill: async () => (await import("./machine-verbs/power.ts")).vmKill,
    vm_restart: async () => (await import("./machine-verbs/power.ts")).vmRestart,
    vm_suspend: async () => (await import("./machine-verbs/power.ts")).vmSuspend,
    vm_resume: async () => (await import("./machine-verbs/power.ts")).vmResume,
    vm_destroy: async () => (await import("./machine-verbs/power.ts")).vmDestroy,
    vm_provision: async () => (await import("./machine-verbs/inside.ts")).vmProvision,
    vm_exec: async () => (await import("./machine-verbs/inside.ts")).vmExec,
    vm_disposable: async () => (await import("./machine-verbs/disposable.ts")).vmDisposable,
    vm_disposable_run: async () => (await import("./machine-verbs/disposable.ts")).vmDisposableRun,
    vm_screenshot: async () => (await import("./machine-verbs/inside.ts")).vmScreenshot,
    vm_recycle: async () => (await import("./machine-verbs/daily.ts")).vmRecycle,
    vm_upgrade: async () => (await import("./machine-verbs/daily.ts")).vmUpgrade,
    vm_rename: async () => (await import("./machine-verbs/rename.ts")).vmRename,
    vm_run: async () => (await import("./machine-verbs/inside.ts")).vmRun,
    vm_rsync: async () => (await import("./machine-verbs/rsync.ts")).vmRsync,
    vm_foreach: async () => (await import("./machine-verbs/foreach/action.ts")).vmForEach,
    vm_mat: async () => (await import("./machine-verbs/clean.ts")).vmMat,
    vm_pdf_cleaner: async () => (await import("./machine-verbs/clean.ts")).vmPdfCleaner,
    vm_clamav: async () => (await import("./machine-verbs/clean.ts")).vmClamav,
    vm_mount: async () => (await import("./machine-verbs/mounts.ts")).vmMount,
    vm_umount: async () => (await import("./machine-verbs/mounts.ts")).vmUmount,
    vm_snapshot_take: async () => (await import("./machine-verbs/snapshots.ts")).vmSnapshotTake,
    vm_snapshot_revert: async () => (await import("./machine-verbs/snapshots.ts")).vmSnapshotRevert,
    vm_snapshot_delete: async () => (await import("./machine-verbs/snapshots.ts")).vmSnapshotDelete,
  },
};

/** An engine with everything that guestkit implements. */
export function createEngine(options: Omit<EngineOptions, "implementations"> = {}): Engine {
  return new Engine({ implementations, ...options });
}
