import { virtualMachineCheck } from "./check.ts";
import { virtualMachineInfo } from "./info.ts";
import { machineVerbs } from "./verbs/index.ts";
import { virtualMachine } from "./virtual-machine.ts";

export const machineContracts = [virtualMachine, virtualMachineInfo, virtualMachineCheck, ...machineVerbs];
