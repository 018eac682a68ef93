import { isIPv6 } from "node:net";
import type { Graphics, Machine } from "../../machine/machine.ts";
import type { Buses } from "../../qemu/options/buses.ts";
import { device, option } from "../../qemu/options/option.ts";
import type { Slots } from "../../qemu/options/slots.ts";
import type { Subject } from "./facts.ts";

const SECRET = "screen-password";
export const VNC_BASE = 5900;

interface Kind {
  /** Arguments beside the card. */
  readonly argv: (subject: Subject) => string[];
  readonly scheme: string;
}

/** How the screen is reached, by the declaration's `kind`. */
const KINDS: Readonly<Record<Graphics["kind"], Kind>> = {
  none: { argv: () => [], scheme: "" },
  vnc: { argv: vnc, scheme: "vnc" },
  spice: { argv: spice, scheme: "spice" },
};

/** A card is always there: a screenshot needs it, and some firmware stops without one. */
export function screen(subject: Subject, buses: Buses, slots: Slots): string[] {
  const kind = subject.machine.graphics?.kind ?? "none";
  const card = [...device("VGA", { id: "screen", ...slots.fixed("screen") }), "-display", "none"];
  if (kind === "none") return card;
  // A tablet knows where the pointer is: no second pointer that lags behind.
  return [...card, ...device("usb-tablet", { id: "tablet", ...buses.usb() }), ...KINDS[kind].argv(subject)];
}

/** Where the screen is reached: `vnc+unix:///path`, `spice://127.0.0.1:5900`; null without one. */
export function displayOf({ machine, folder, facts }: Pick<Subject, "machine" | "folder" | "facts">): string | null {
  const { kind = "none", listen = null } = machine.graphics ?? {};
  if (kind === "none") return null;
  const { scheme } = KINDS[kind];
  if (facts.screenPort === null) return `${scheme}+unix://${encodeURI(folder.socket("screen"))}`;
  return `${scheme}://${bracket(listen ?? "127.0.0.1")}:${facts.screenPort}`;
}

function vnc({ machine, folder, facts }: Subject): string[] {
  const { screenPort: port, screenPassword: password } = facts;
  const address = bracket(machine.graphics?.listen ?? "127.0.0.1");
  const place = port === null ? `unix:${folder.socket("screen")}` : `${address}:${port - VNC_BASE}`;
  // Named: QEMU takes a nameless value for a property where it holds an equals sign.
  const login = password === null ? { password: isLocked(machine) } : { "password-secret": SECRET };
  const vnc = option(null, { vnc: place, ...login });
  return [...secretObject(password), "-vnc", vnc];
}

function spice({ machine, folder, facts }: Subject): string[] {
  const { screenPort: port, screenPassword: password } = facts;
  const listen = machine.graphics?.listen ?? "127.0.0.1";
  const place = port === null ? { unix: true, addr: folder.socket("screen") } : { addr: listen, port };
  const open = isLocked(machine) ? {} : { "disable-ticketing": true };
  const login = password === null ? open : { "password-secret": SECRET };
  return [...secretObject(password), "-spice", option(null, { ...place, ...login })];
}

/** A password is demanded, and where none is set nobody has it. */
const isLocked = ({ graphics }: Machine): true | null => (graphics?.locked ? true : null);

/** By a file: an argument could be read by every user of the host. */
function secretObject(file: string | null): string[] {
  return file === null ? [] : ["-object", option("secret", { id: SECRET, file })];
}

const bracket = (address: string): string => (isIPv6(address) ? `[${address}]` : address);
