import { clamav, mat, pdfCleaner } from "./clean.ts";
import { recycle, rename, rsync, run, upgrade } from "./daily.ts";
import { disposable, disposableRun } from "./disposable.ts";
import { foreach } from "./foreach.ts";
import { exec, provision, screenshot } from "./inside.ts";
import { list } from "./list.ts";
import { mount, umount } from "./mounts.ts";
import { destroy, kill, restart, resume, stop, suspend, up } from "./power.ts";
import { snapshotDelete, snapshotList, snapshotRevert, snapshotTake } from "./snapshots.ts";
import { usage } from "./usage.ts";

export const machineVerbs = [
  disposable,
  disposableRun,
  list,
  up,
  stop,
  kill,
  restart,
  suspend,
  resume,
  destroy,
  provision,
  exec,
  screenshot,
  mount,
  umount,
  snapshotTake,
  snapshotList,
  snapshotRevert,
  snapshotDelete,
  foreach,
  usage,
  recycle,
  run,
  upgrade,
  rsync,
  rename,
  mat,
  pdfCleaner,
  clamav,
];
