/** The oldest Node that the core runs on. */
const OLDEST = 24;

/** Imported before anything that needs a new Node: the language host takes whichever `node` is first on PATH. */
const major = Number(process.versions.node.split(".")[0]);
if (major < OLDEST) {
  throw new Error(
    `Cannot load @guestkit/pulumi: it needs Node ${OLDEST} or newer and Pulumi runs Node ${process.versions.node}, ` +
      `${process.execPath} (E_NODE_VERSION). Put the folder of a newer node first on PATH.`,
  );
}
