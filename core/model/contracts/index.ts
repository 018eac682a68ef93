import type { Declaration } from "../declare.ts";
import { ciContracts } from "./ci/index.ts";
import { cloudInitSeed } from "./cloud-init-seed.ts";
import { copy } from "./copy.ts";
import { diskImage } from "./disk-image.ts";
import { fileContent } from "./file-content.ts";
import { functionContracts } from "./function/index.ts";
import { imageDiff } from "./image-diff.ts";
import { imageInfo } from "./image-info.ts";
import { imageSbom } from "./image-sbom.ts";
import { inspection } from "./inspection.ts";
import { secretContracts } from "./secret/index.ts";
import { machineContracts } from "./virtual-machine/index.ts";

/** Every contract, in the order in which faces list them. */
export const declarations: readonly Declaration[] = [
  diskImage,
  cloudInitSeed,
  inspection,
  imageInfo,
  fileContent,
  imageDiff,
  imageSbom,
  copy,
  ...machineContracts,
  ...ciContracts,
  ...secretContracts,
  ...functionContracts,
];
