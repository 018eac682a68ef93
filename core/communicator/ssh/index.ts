export { clientArguments } from "./options.ts";
export { firstLogin, HOST_KEYS, login, parseKeys, pin, readPins } from "./pins.ts";
export { type GuestResult, isPinned, runOverSsh } from "./run.ts";
export { destination, sshCommand, sshConfig } from "./show.ts";
export { placeText, type SshTarget, sshPlace, sshTarget } from "./target.ts";
export { download, upload } from "./transfer.ts";
