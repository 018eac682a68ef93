/** guestkit's own version: what the documents that it makes say they were made by. A test holds it to the packages'. */
export const VERSION = "0.1.0";

/** Of rpc: raised when a message changes its meaning; additions do not raise it. */
export const PROTOCOL = 1;
