import type { QueryImplementation } from "../../engine/implementation.ts";
import { randomSalt, sha512Crypt } from "../../seed/index.ts";

export const passwordHash: QueryImplementation = {
  read: async ({ password, rounds }, { signal }) => ({
    hash: await sha512Crypt(String(password), { rounds: Number(rounds), salt: randomSalt(), signal }),
  }),
};
