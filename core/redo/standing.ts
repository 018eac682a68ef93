import { realpathSync } from "node:fs";
import { recordPath } from "../host/record-file.ts";
import { type Stamps, stampOf } from "../host/stamp.ts";
import { redoPath } from "./place.ts";

/** Files that were read, as each was when it was first looked at. Costs three `stat`s of an image, and three to ask. */
export interface Standing {
  /** Takes an image file down, with its record and its redo log, before it is opened. Nothing is taken down twice. */
  note(path: string): void;
  /** From now on images may be written to: only their records and redo logs count. */
  tolerateWrites(): void;
  /** What was taken down, as it was then; null where writes are tolerated: what was read may not be what is there. */
  stamps(): Stamps | null;
  /** Whether one of them is another now, was written to, came or went. */
  hasChanged(): boolean;
}

/** Watches what a reading goes by. */
export function watchStanding(): Standing {
  const images = new Map<string, string>();
  const companions = new Map<string, string>();
  const began = performance.now();
  let tolerant = false;
  return {
    note: (path) => {
      if (images.has(path)) return;
      images.set(path, stampOf(path));
      for (const place of new Set([path, realOf(path)])) {
        for (const each of [recordPath(place), redoPath(place)]) companions.set(each, stampOf(each));
      }
    },
    tolerateWrites: () => {
      tolerant = true;
    },
    stamps: () => (tolerant ? null : { files: [...images, ...companions], age: performance.now() - began }),
    hasChanged: () => isOther(companions) || (!tolerant && isOther(images)),
  };
}

function isOther(stamps: ReadonlyMap<string, string>): boolean {
  return [...stamps].some(([path, stamp]) => stampOf(path) !== stamp);
}

function realOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
