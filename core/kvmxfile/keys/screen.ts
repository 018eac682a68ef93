import type { Key } from "../key.ts";
import { isOn } from "../origin.ts";
import { machine, notNeeded, type Outcome, partly, translated, untranslated } from "../outcome.ts";

const VNC_BASE = 5900;
const VIEWER = 'remote-viewer "$(guestkit vm status --json NAME | jq -r .display)"';

function graphics(value: string, get: (key: string) => string | null): Outcome {
  const display = /(?:^|\s)-vnc\s+(\S*)/.exec(value)?.[1];
  if (display === undefined) return notNeeded("A card is always there, and no window is opened.");
  if (isOn(get("spice"))) {
    return untranslated("a machine has one screen, and spice is on", "Set graphics: { kind: vnc } for VNC instead.");
  }
  const number = /^([0-9A-Za-z.-]*):(\d{1,4})$/.exec(display);
  if (!number) return translated(machine(["graphics", "kind"], "vnc"), "On a socket of this user's own.");
  const listen = number[1] || "127.0.0.1";
  const port = VNC_BASE + Number(number[2]);
  const note = number[1] ? null : "On this host alone, where QEMU's own -vnc listens to everybody.";
  return translated(machine("graphics", { kind: "vnc", listen, port }), note);
}

const viewer = (name: string): Key => ({
  name,
  ours: "your viewer",
  about: "`guestkit vm status NAME` tells where the screen is.",
  translate: () => notNeeded(`The viewer is yours: ${VIEWER}.`),
});

/** Starts something on the host's side. */
const client = (name: string, ours: string, about: string, instead: string): Key => ({
  name,
  ours,
  about,
  translate: (value) =>
    isOn(value)
      ? untranslated("guestkit opens no windows", instead)
      : notNeeded("It is off, and guestkit opens no windows."),
});

/** What is seen and heard of a machine. */
export const screenKeys: readonly Key[] = [
  {
    name: "graphics",
    ours: "`graphics`",
    about: "`-vnc` becomes `kind: vnc`. The card itself is guestkit's choice.",
    translate: (value, { get }) => graphics(value, get),
  },
  {
    name: "spice",
    ours: "`graphics.kind: spice`",
    about: "On a socket of this user's own.",
    translate: (value) =>
      isOn(value)
        ? translated(machine(["graphics", "kind"], "spice"), "On a socket of this user's own.")
        : notNeeded("It is off, as it is here."),
  },
  client("run_spice_client", "your viewer", "", `After guestkit vm up: ${VIEWER}.`),
  viewer("spice_client"),
  viewer("vnc_client"),
  client(
    "run_xpra",
    "`xpra` by `guestkit vm ssh-config`",
    "",
    "guestkit vm ssh-config NAME >> ~/.ssh/config, then xpra start ssh://NAME.",
  ),
  client(
    "run_xephyr",
    "`Xephyr` and `ssh -X`, by `guestkit vm ssh-config`",
    "",
    "guestkit vm ssh-config NAME >> ~/.ssh/config, then ssh -X NAME in Xephyr.",
  ),
  client(
    "xrandr",
    "`startup_commands`",
    "A viewer with the SPICE agent in the guest resizes the screen by itself.",
    "Install spice-vdagent in the guest, or run xrandr there.",
  ),
  {
    name: "xrandr_device",
    ours: "`startup_commands`",
    about: "",
    translate: (_, { get }) =>
      isOn(get("xrandr")) ? translated([], "Goes with xrandr.") : notNeeded("xrandr is off."),
  },
  {
    name: "resolution",
    ours: "`startup_commands`",
    about: "",
    translate: () => untranslated("the guest decides on it", 'Set it in the guest: startup_commands: ["xrandr ..."].'),
  },
  {
    name: "sound",
    ours: "`extra_args`",
    about: "Which server of the host's plays is not in a kvmxfile.",
    translate: (value) =>
      value === "0"
        ? notNeeded("It is off, as it is here.")
        : partly(
            [],
            [
              {
                why: "which sound server of the host's plays it is not in the file",
                instead:
                  'Set extra_args: ["-audiodev", "pa,id=sound", "-device", "ich9-intel-hda", "-device", "hda-duplex,audiodev=sound"].',
              },
            ],
          ),
  },
];
