export { virtualMachine } from "./virtual-machine.ts";
