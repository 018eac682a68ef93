import type { FieldPath } from "../../engine/path.ts";
import type { Rule } from "../rule.ts";
import type { Subject } from "../subject.ts";
import { installs } from "./first-boot.ts";
import { cannot, image, mayBeEnabled } from "./words.ts";

export const agentMissing: Rule = {
  code: "P_AGENT_MISSING",
  severity: "error",
  summary: "The guest agent is waited for, and it is not installed.",
  explanation: "Looked at: the program qemu-ga. Silent where cloud_init is told to install it.",
  help: "Add qemu-guest-agent to the image's packages or to cloud_init.packages, or wait for something else.",
  check: (subject) => {
    const agent = subject.system?.agent ?? null;
    if (!agent || agent.installed || installs(subject, /qemu-guest-agent|qemu-ga/)) return [];
    const what = `the guest agent is waited for, and ${image(subject)} has no /usr/sbin/qemu-ga (package qemu-guest-agent)`;
    return agentNeeds(subject).map((path) => ({ message: cannot(subject, what, "wait for"), path }));
  },
};

export const agentDisabled: Rule = {
  code: "P_AGENT_DISABLED",
  severity: "error",
  summary: "The guest agent is waited for, and it does not start by itself.",
  explanation:
    "It starts by a udev rule (60-qemu-guest-agent.rules) or an enabled unit, unless its unit is masked. Silent on systems without systemd, and where systemd enables units by presets at a first boot (no machine-id).",
  help: "Enable it in the image: systemctl enable qemu-guest-agent (or unmask it), or have cloud_init.runcmd do it.",
  check: (subject) => {
    const { system } = subject;
    if (!system?.systemd || !system.agent?.installed || system.agent.enabled) return [];
    if (installs(subject, /qemu-guest-agent|qemu-ga/) || mayBeEnabled(subject, /^qemu-/)) return [];
    const what = `the guest agent is waited for, and in ${image(subject)} nothing starts it: no udev rule, no enabled qemu-guest-agent.service below /etc/systemd/system`;
    return agentNeeds(subject).map((path) => ({ message: cannot(subject, what, "wait for"), path }));
  },
};

/** Fields that stand on the agent. */
function agentNeeds({ machine }: Subject): readonly FieldPath[] {
  const waits = (machine.wait_for ?? []).flatMap(({ condition }, index) =>
    condition === "agent" ? [["wait_for", index]] : [],
  );
  const steps = (machine.provision ?? []).flatMap(({ via }, index) =>
    via === "agent" ? [["provision", index, "via"]] : [],
  );
  return [...waits, ...steps];
}
