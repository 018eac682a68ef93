import type { EngineOptions, Implementations } from "../engine/index.ts";
import { Engine } from "../engine/index.ts";

export { type Pruned, pruneCache } from "./cache.ts";
export { examineHost, type Finding } from "./doctor.ts";

/** Contract -> implementation, loaded when first used. */
export const implementations: Implementations = {
  resources: {
    cloud_init_seed: async () => (await import("./cloud-init-seed.ts")).cloudInitSeed,
    disk_image: async () => (await import("./disk-image.ts")).diskImage,
  },
  queries: {
    inspection: async () => (await import("./inspection.ts")).inspection,
    image_info: async () => (await import("./image-info.ts")).imageInfo,
    file_content: async () => (await import("./file-content.ts")).fileContent,
    virtual_machine_check: async () => (await import("./virtual-machine-check.ts")).virtualMachineCheck,
  },
  actions: {
    copy: async () => (await import("./copy.ts")).copy,
  },
};

/** An engine with everything that guestkit implements. */
export function createEngine(options: Omit<EngineOptions, "implementations"> = {}): Engine {
  return new Engine({ implementations, ...options });
}
