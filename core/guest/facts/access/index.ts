import { readUsers } from "../../accounts.ts";
import { readSshdFiles, type SshdMatch, sshdLines, sshdMatches } from "../../sshd-config.ts";
import { withoutLogins } from "../../without-logins.ts";
import type { FactKind } from "../fact.ts";
import { type DoasRule, readDoas } from "./doas.ts";
import { type Password, readPasswords } from "./passwords.ts";
import { type AuthorizedKey, type HostKey, readAuthorizedKeys, readHostKeys } from "./ssh-keys.ts";
import { type SshdSetting, sshdSettings } from "./sshd-settings.ts";
import { readSudo, type Sudo } from "./sudo.ts";

/** Who gets in, and who may do what another one may. */
export interface Access {
  /** Null where there is no /etc/passwd. */
  readonly passwords: readonly Password[] | null;
  /** Null where there is no sudoers. */
  readonly sudo: Sudo | null;
  readonly doas: readonly DoasRule[];
  readonly authorized_keys: readonly AuthorizedKey[];
  readonly host_keys: readonly HostKey[];
  /** Null where there is no configuration of sshd. */
  readonly sshd: { readonly settings: readonly SshdSetting[]; readonly matches: readonly SshdMatch[] } | null;
}

export const access: FactKind<Access> = {
  read: async ({ tree, users }) => {
    // Part of a configuration is none: what is cut off may say the contrary.
    const files = await readSshdFiles(tree, { whole: true });
    const lines = sshdLines(files ?? {});
    return {
      passwords: await readPasswords(tree),
      sudo: await readSudo(tree),
      doas: await readDoas(tree),
      authorized_keys: await readAuthorizedKeys(tree, users ?? (await readUsers(tree)), lines),
      host_keys: await readHostKeys(tree, lines),
      sshd: files && { settings: sshdSettings(lines).map(told), matches: sshdMatches(files).map(toldMatch) },
    };
  },
};

const told = <T extends { readonly keyword: string; readonly value: string }>(setting: T): T => ({
  ...setting,
  value: setting.keyword === "setenv" ? withoutValues(setting.value) : withoutLogins(setting.value),
});

/** What environment is set to may be anything. */
const withoutValues = (text: string) => text.replace(/=.*/s, "=(left out)");

const toldMatch = (match: SshdMatch): SshdMatch => ({ ...match, settings: match.settings.map(told) });
