export { ensureKey, publicKeyOf } from "./key.ts";
export { clientArguments } from "./options.ts";
export { firstLogin, forgetPins, HOST_KEYS, login, parseKeys, pin, readPins } from "./pins.ts";
export { type GuestResult, isPinned, runOverSsh, type SshRunOptions } from "./run.ts";
export { destination, sshCommand, sshConfig } from "./show.ts";
export { type SshTarget, sshTarget, sshUser } from "./target.ts";
export { download, upload } from "./transfer.ts";
