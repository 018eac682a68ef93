export { type ProvisionOptions, provision } from "./provision.ts";
