/** guestkit's own version: what the documents that it makes say they were made by. A test holds it to the packages'. */
export const VERSION = "0.1.0";
