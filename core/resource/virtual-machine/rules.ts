import { problem } from "../../engine/diagnostic.ts";
import { printable } from "../../kit/name.ts";
import { isList, isObject, UNKNOWN, type Value } from "../../model/value.ts";
import { knownRules } from "../../preflight/index.ts";
import { bootDisk, diskRules } from "./disk-rules.ts";
import { elements, entries, isGiven, type Rule } from "./fields.ts";
import { imageRules } from "./image-rules.ts";
import { shareRules } from "./share-rules.ts";

/** Ends in ids of QEMU and in mount tags (virtio-9p: 31 bytes). */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,30}$/;
const CIDR = /^[0-9A-Fa-f.:]+\/\d{1,3}$/;
/** The field without which a network of a kind cannot be. */
const NEEDS: Readonly<Record<string, string>> = {
  bridge: "bridge",
  tap: "tap",
  link: "peer",
  socket: "group",
  stream: "path",
};

const names: Rule = (input) =>
  ["disks", "cdroms", "networks", "shares"].flatMap((field) =>
    entries(input[field])
      .filter(([name]) => !NAME.test(name) || (field === "cdroms" && name === "cloud-init"))
      .map(([name]) => {
        const help = "Use 1 to 31 letters, digits, - and _, starting with a letter or digit (cloud-init is taken).";
        return problem("E_NAME", [field, name], `"${name}" cannot be the name of one of ${field}`, help);
      }),
  );

/** Known, and none of these. */
const isOther = (value: Value | undefined, ...known: readonly Value[]) =>
  isGiven(value) && !known.includes(value ?? null);

const networks: Rule = ({ networks: found, name: own }) =>
  entries(found).flatMap(([name, network]) => {
    const needed = NEEDS[String(network.kind)];
    const missing = needed !== undefined && network[needed] === null;
    const forwards = entries(network.forwards).length > 0 && isOther(network.kind, "user", "passt");
    const wrong = elementsOf(network.addresses).find((each) => typeof each === "string" && !CIDR.test(each));
    return [
      ...(missing
        ? [
            problem(
              "E_NETWORK_INCOMPLETE",
              ["networks", name, needed],
              `a network of kind ${String(network.kind)} needs ${needed}`,
            ),
          ]
        : []),
      ...(forwards
        ? [
            problem(
              "E_NETWORK_FORWARDS",
              ["networks", name, "forwards"],
              `a network of kind ${String(network.kind)} forwards no ports`,
              'Set kind to "user" or "passt".',
            ),
          ]
        : []),
      ...(isGiven(network.peer) && network.peer === own
        ? [problem("E_NETWORK_PEER", ["networks", name, "peer"], "a machine cannot be linked to itself")]
        : []),
      ...(wrong
        ? [
            problem(
              "E_NETWORK_ADDRESS",
              ["networks", name, "addresses"],
              `"${String(wrong)}" is no address with prefix length`,
              "Write it like 10.0.0.2/24.",
            ),
          ]
        : []),
    ];
  });

const elementsOf = (value: Value | undefined): readonly Value[] => (isList(value) ? value : []);

const forwards: Rule = ({ networks: found }) => {
  const seen = new Map<string, string>();
  return entries(found).flatMap(([network, { forwards: declared }]) =>
    entries(declared).flatMap(([name, { host_address, host_port, protocol }]) => {
      if (typeof host_port !== "number" || host_port === 0) return [];
      const key = `${String(protocol)} ${String(host_address)}:${host_port}`;
      const other = seen.get(key);
      seen.set(key, `${network}.${name}`);
      const path = ["networks", network, "forwards", name, "host_port"];
      return other === undefined ? [] : [problem("E_FORWARD_TWICE", path, `${key} is forwarded by ${other} already`)];
    }),
  );
};

const firmware: Rule = ({ kernel, initrd, cmdline, secure_boot, firmware: kind, machine }) => [
  ...["initrd", "cmdline"]
    .filter((name) => kernel === null && isGiven(name === "initrd" ? initrd : cmdline))
    .map((name) =>
      problem(
        "E_KERNEL_MISSING",
        [name],
        `${name} is given without a kernel`,
        "Give kernel, or leave it to the image's boot loader.",
      ),
    ),
  ...(secure_boot === true && (kind === "bios" || machine === "pc")
    ? [
        problem(
          "E_SECURE_BOOT",
          ["secure_boot"],
          "secure boot needs UEFI on a q35 machine",
          'Set firmware to "uefi" and machine to "q35".',
        ),
      ]
    : []),
];

const memory: Rule = ({ memory: all, balloon }) =>
  typeof all === "number" && typeof balloon === "number" && balloon > all
    ? [problem("E_BALLOON", ["balloon"], `balloon is ${balloon} bytes, and memory only ${all}`)]
    : [];

const waiting: Rule = ({ wait_for }) =>
  elements(wait_for).flatMap(({ condition, port, text }, index) => [
    ...(condition === "port" && port === null
      ? [problem("E_WAIT_PORT", ["wait_for", index, "port"], "waiting for a port needs its number")]
      : []),
    ...(condition === "console" && text === null
      ? [problem("E_WAIT_TEXT", ["wait_for", index, "text"], "waiting for the console needs a text")]
      : []),
  ]);

const provisioning: Rule = ({ provision }) =>
  elements(provision).flatMap(({ inline, file }, index) => {
    const lines = isList(inline) ? inline.length : 0;
    if (file === UNKNOWN || inline === UNKNOWN || lines > 0 !== (file !== null)) return [];
    const what = file === null ? "has nothing to run" : "has both inline and file";
    return [problem("E_PROVISION_SOURCE", ["provision", index], `the step ${what}`, "Give inline or file.")];
  });

const access: Rule = ({ ssh, networks: found }) => {
  if (!isObject(ssh) || typeof ssh.network !== "string" || !isObject(found) || ssh.network in found) return [];
  return [problem("E_SSH_NETWORK", ["ssh", "network"], `there is no network "${ssh.network}"`)];
};

/** What ssh, su and sudo would take for an option, and ssh_config for another line. */
const NO_USER = /^-|[\s\p{Cc}]|^$/u;

const users: Rule = ({ ssh, provision }) =>
  [
    { at: ["ssh", "user"], user: isObject(ssh) ? ssh.user : null },
    ...elements(provision).map(({ user }, index) => ({ at: ["provision", index, "user"], user })),
  ]
    .filter(({ user }) => typeof user === "string" && NO_USER.test(user))
    .map(({ at, user }) => problem("E_USER_NAME", at, `"${printable(String(user))}" is no user name`));

const screen: Rule = ({ graphics }) => {
  if (!isObject(graphics) || graphics.kind !== "none") return [];
  const given = ["listen", "port", "password"].find((name) => isGiven(graphics[name]));
  return given
    ? [problem("E_GRAPHICS_KIND", ["graphics", given], `${given} needs a kind`, 'Set kind to "vnc" or "spice".')]
    : [];
};

const verdicts: Rule = ({ preflight_rules }) =>
  Object.keys(isObject(preflight_rules) ? preflight_rules : {})
    .filter((code) => !knownRules().includes(code))
    .map((code) =>
      problem(
        "E_PREFLIGHT_RULE",
        ["preflight_rules", code],
        `there is no preflight rule "${code}"`,
        "docs/preflight.md lists them.",
      ),
    );

/** A machine's name, which is a folder's as well. */
const MACHINE = /^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;

const templates: Rule = ({ name, template_vm, base, disks: found }) => [
  ...(typeof template_vm === "string" && !MACHINE.test(template_vm)
    ? [
        problem(
          "E_TEMPLATE_NAME",
          ["template_vm"],
          `"${printable(template_vm)}" is no machine's name`,
          "guestkit vm list shows the machines that there are.",
        ),
      ]
    : []),
  ...(typeof template_vm === "string" && template_vm === name
    ? [
        problem(
          "E_TEMPLATE_CIRCLE",
          ["template_vm"],
          "a machine cannot be its own template",
          "Name another machine, or give it a base or disks.",
        ),
      ]
    : []),
  ...(isGiven(base) && isObject(found) && "root" in found
    ? [
        problem(
          "E_TEMPLATE_DISK_TAKEN",
          ["disks", "root"],
          "the disk named root starts from base",
          "Give the machine's own disk another name, or leave base out.",
        ),
      ]
    : []),
];

export const rules: readonly Rule[] = [
  bootDisk,
  shareRules,
  names,
  diskRules,
  imageRules,
  templates,
  networks,
  forwards,
  firmware,
  memory,
  waiting,
  provisioning,
  access,
  users,
  screen,
  verdicts,
];
