type Json = Readonly<Record<string, unknown>>;

/** What the provider may be told, `guestkit:NAME` in a stack's configuration; the environment fills in the rest. */
export const SETTINGS: Readonly<Record<string, Json>> = {
  host: {
    type: "string",
    description:
      "On which host things are made and looked at: `ssh://USER@HOST:PORT`, or a name of `~/.ssh/config`. `GUESTKIT_HOST`, else this machine. guestkit is brought there by ssh.",
  },
  remoteInstall: {
    type: "boolean",
    description: "Whether guestkit may be brought to the host. `false`: its own is used.",
  },
  dataDir: {
    type: "string",
    description: "Where machines are kept. `GUESTKIT_DATA_DIR`, else `$XDG_DATA_HOME/guestkit`.",
  },
  cacheDir: {
    type: "string",
    description: "Where downloads are kept. `GUESTKIT_CACHE_DIR`, else `$XDG_CACHE_HOME/guestkit`.",
  },
  runtimeDir: {
    type: "string",
    description: "Where sockets lie. `GUESTKIT_RUNTIME_DIR`, else `$XDG_RUNTIME_DIR/guestkit`.",
  },
  mirror: {
    type: "string",
    description: "Address of the Debian archive. `GUESTKIT_MIRROR`, else the host's own sources.",
  },
  lockTimeout: {
    type: "integer",
    description:
      "How many seconds another command at work on the same thing is waited for. `GUESTKIT_LOCK_TIMEOUT`, else 10; on another host 600.",
  },
  keys: {
    type: "object",
    additionalProperties: { type: "object", additionalProperties: { type: "string" } },
    description:
      'What opens encrypted devices: by device, UUID or `"*"` for any, `passphrase` or `file`; `header` beside it where the LUKS header of a device stands in a file of its own. Kept in the state, encrypted.',
    secret: true,
  },
};
