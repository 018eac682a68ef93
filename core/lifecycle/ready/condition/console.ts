import { type Condition, notYet, READY } from "./condition.ts";

/** A text on the serial console since QEMU was started, escape sequences aside. */
export const consoleText: Condition = {
  what: ({ text }) => `"${text}" on the console`,
  missed: ({ text }) => `its console did not show "${text}"`,
  pause: 200,
  look: async (scene, { text }) =>
    scene.console().some((line) => line.includes(text ?? "")) ? READY : notYet("other lines alone"),
};
