import type { EngineOptions, Implementations } from "../engine/index.ts";
import { Engine } from "../engine/index.ts";

/** Contract -> implementation, loaded when first used. */
export const implementations: Implementations = {
  resources: {
    disk_image: async () => (await import("./disk-image.ts")).diskImage,
  },
  queries: {},
  actions: {},
};

/** An engine with everything that guestkit implements. */
export function createEngine(options: Omit<EngineOptions, "implementations"> = {}): Engine {
  return new Engine({ implementations, ...options });
}
