import type { Rule } from "../rule.ts";
import { baselineOf, levelOf } from "./processor-levels.ts";
import { cannot, image, imagePath } from "./words.ts";

/** Programs that an x86-64 machine runs. */
const RUNS = ["x86_64", "i386"];

export const architecture: Rule = {
  code: "P_ARCHITECTURE",
  severity: "error",
  summary: "The system was made for another architecture.",
  explanation: "Machines are x86-64. Looked at: the ELF header of the system's own programs.",
  help: "Use the image for amd64 (x86_64).",
  check: (subject) => {
    const arch = subject.system?.arch ?? null;
    if (arch === null || RUNS.includes(arch)) return [];
    const { product, device } = subject.system ?? {};
    const what = `${product ?? "the system"} on ${device} of ${image(subject)} is for ${arch}, and the machine is x86_64`;
    return [{ message: cannot(subject, what), path: imagePath(subject) }];
  },
};

export const cpuLevel: Rule = {
  code: "P_CPU_LEVEL",
  severity: "error",
  summary: "The processor model is too old for the distribution.",
  explanation:
    "Distributions are built for a level of x86-64 (its psABI: v2 has SSE4.2 and POPCNT, v3 AVX2); below it, the first program dies and the kernel panics. Known: RHEL and its kin 9 (v2) and 10 (v3), SUSE's 16 (v2), Amazon Linux 2023 (v2), Clear Linux (v2), CachyOS (v3); every 64-bit system needs a 64-bit model.",
  help: 'Leave cpu_model out (it is "max" then), or choose Nehalem (v2), Haswell (v3) or newer.',
  check: (subject) => {
    const { machine, system } = subject;
    const has = machine.cpu_model === null ? null : levelOf(machine.cpu_model);
    const needs = system && baselineOf(system);
    if (has === null || needs === null || has >= needs) return [];
    const level = (number: number) => (number === 0 ? "32-bit" : number === 1 ? "x86-64" : `x86-64-v${number}`);
    const what = `cpu_model "${machine.cpu_model}" is ${level(has)}, and ${system?.product ?? system?.distro} in ${image(subject)} needs ${level(needs)}`;
    return [{ message: cannot(subject, what), path: ["cpu_model"] }];
  },
};
