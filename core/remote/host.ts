import type { Host } from "../kit/host-name.ts";

export { type Host, hostNamed } from "../kit/host-name.ts";

/** What helps where a host does not answer as it should. */
export const seeLogin = ({ name }: Host): string =>
  `See what this says: ssh ${/^[\w@./:[\]-]+$/.test(name) ? name : "HOST"} true`;
