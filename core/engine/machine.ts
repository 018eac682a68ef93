import type { Machine } from "./engine-face.ts";

/** Whether a thing of the one is on the other: by the machines' ids, whatever names lead there; by the names where one has no id. */
export const isSameMachine = (kept: Machine, now: Machine): boolean =>
  kept.id !== null && now.id !== null ? kept.id === now.id : kept.host === now.host;
