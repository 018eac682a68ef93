import type { Rule } from "../rule.ts";
import { agentDisabled, agentMissing } from "./agent.ts";
import {
  cloudInitDatasource,
  cloudInitDisabled,
  cloudInitMissing,
  cloudInitNoSeed,
  cloudInitRan,
  growpartMissing,
  networkRenderer,
  sudoMissing,
} from "./cloud-init.ts";
import { busDriver, networkDriver, shareKind } from "./drivers.ts";
import { biosEmptyCore, biosNoCode, uefiNoEsp, uefiNoLoader, uefiUnsigned } from "./firmware.ts";
import {
  cdromMissing,
  kernelMissing,
  provisionMissing,
  shareMissing,
  sshKeyFile,
  sshKeyMissing,
} from "./host-files.ts";
import { hostKeysShared, machineIdShared } from "./identity.ts";
import {
  contentUnknown,
  diskSmaller,
  imageEncrypted,
  imageInUse,
  imageMissing,
  noDisk,
  noSystem,
  unreadable,
} from "./image.ts";
import { sectorSize, tableDamaged } from "./partition-table.ts";
import { architecture, cpuLevel } from "./processor.ts";
import { shareHost, shareProgram } from "./shares.ts";
import { noWayIn, portUnreachable, sshDisabled, sshHostKeys, sshNoServer, sshUser } from "./ssh.ts";
import { sshKey } from "./ssh-key.ts";
import { sshPort, sshRefused, sshRoot } from "./ssh-refused.ts";
import { cmdlineRoot, consoleClosed, deviceName, fstabMount, fstabRoot, fstabSwap } from "./storage.ts";

/** Every rule of preflight, in the order in which a machine comes up. */
export const rules: readonly Rule[] = [
  imageMissing,
  noDisk,
  imageInUse,
  imageEncrypted,
  diskSmaller,
  contentUnknown,
  unreadable,
  sectorSize,
  tableDamaged,
  kernelMissing,
  cdromMissing,
  shareMissing,
  sshKeyMissing,
  sshKeyFile,
  provisionMissing,
  noSystem,
  architecture,
  cpuLevel,
  uefiNoEsp,
  uefiNoLoader,
  uefiUnsigned,
  biosNoCode,
  biosEmptyCore,
  busDriver,
  cmdlineRoot,
  fstabRoot,
  fstabMount,
  fstabSwap,
  deviceName,
  consoleClosed,
  networkDriver,
  networkRenderer,
  cloudInitMissing,
  cloudInitDisabled,
  cloudInitDatasource,
  cloudInitRan,
  cloudInitNoSeed,
  growpartMissing,
  sudoMissing,
  sshNoServer,
  sshDisabled,
  sshHostKeys,
  sshUser,
  sshKey,
  sshRoot,
  sshRefused,
  sshPort,
  portUnreachable,
  agentMissing,
  agentDisabled,
  noWayIn,
  shareHost,
  shareKind,
  shareProgram,
  machineIdShared,
  hostKeysShared,
];
