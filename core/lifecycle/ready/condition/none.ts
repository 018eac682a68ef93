import { type Condition, READY } from "./condition.ts";

/** QEMU runs, and that is enough. */
export const none: Condition = {
  what: () => "nothing",
  missed: () => "nothing happened",
  pause: 0,
  look: async () => READY,
};
