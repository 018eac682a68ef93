import fc from "fast-check";

/**
 * Properties are tried with the same values each time: a run that fails is no matter of chance. `GUESTKIT_PROPERTY_SEED=N`
 * chooses others, `random` each time others.
 */
const SEED = process.env.GUESTKIT_PROPERTY_SEED ?? "1";
if (SEED !== "random") fc.configureGlobal({ seed: Number(SEED) });

export { fc };
