import type { Writer } from "../writer.ts";
import { copies } from "./copies.ts";
import { declarations } from "./declarations.ts";
import { deliveries } from "./deliveries.ts";
import { downloads } from "./downloads.ts";
import { images } from "./images.ts";
import { machines } from "./machines.ts";

/** Everything that writes. Whoever adds a writer adds its row: see docs/crash-bed.md. */
export const WRITERS: readonly Writer[] = [
  ...images,
  ...declarations,
  ...downloads,
  ...machines,
  ...deliveries,
  ...copies,
];
