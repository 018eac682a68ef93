import type { FactKind } from "../fact.ts";
import { readWtmpdb } from "./databases.ts";
import { type FailedLogin, readFailedLogins } from "./failed-logins.ts";
import { type FirstSign, readFirstSigns, readInstanceId } from "./first-signs.ts";
import { readLastLogins } from "./last-logins.ts";
import { type Boot, gatherSessions, type LastLogin, type Login, type Sessions } from "./sessions.ts";
import { readShellHistories, type ShellHistory } from "./shell-histories.ts";
import { openUtmp } from "./utmp.ts";

/** A file that tells of the past, and how much is in it. */
export interface HistoryLog {
  readonly path: string;
  readonly records: number;
}

/** Who was there and when the system ran. */
export interface History {
  readonly logs: readonly HistoryLog[];
  /** The last ones, newest first. */
  readonly boots: readonly Boot[];
  readonly logins: readonly Login[];
  readonly failed_logins: readonly FailedLogin[];
  readonly last_logins: readonly LastLogin[];
  readonly shell_histories: readonly ShellHistory[];
  readonly first_signs: readonly FirstSign[];
  /** Cloud-init's id of the machine that it set up last. */
  readonly instance_id: string | null;
}

const [WTMP, BTMP, WTMPDB] = ["/var/log/wtmp", "/var/log/btmp", "/var/lib/wtmpdb/wtmp.db"];
/** Of each kind; `logs` tells how many records there are. */
const MOST = 100;

export const history: FactKind<History> = {
  share: { bytes: 64 << 20 },
  read: async (known) => {
    const { tree } = known;
    const users = known.users ?? [];
    const wtmp = await openUtmp(tree, WTMP);
    const btmp = await openUtmp(tree, BTMP);
    const database = await readWtmpdb(tree, WTMPDB, MOST);
    const told = wtmp ? await gatherSessions(wtmp.newestFirst(), MOST) : NOTHING;
    const { boots, logins } = database ? merged(told, database) : told;
    return {
      logs: [...logOf(wtmp), ...logOf(btmp), ...logOf(database && { path: WTMPDB, records: database.records })],
      boots,
      logins,
      failed_logins: btmp ? await readFailedLogins(btmp, users, MOST) : [],
      last_logins: await readLastLogins(tree, users, wtmp && wtmp.records > 0 ? wtmp.layout : null),
      shell_histories: await readShellHistories(tree, users),
      first_signs: await readFirstSigns(tree),
      instance_id: await readInstanceId(tree),
    };
  },
};

const NOTHING: Sessions = { boots: [], logins: [] };

const logOf = (log: HistoryLog | null) => (log ? [{ path: log.path, records: log.records }] : []);

/** Both kinds may be there where a release went from one to the other. */
function merged(left: Sessions, right: Sessions): Sessions {
  const newest = <T extends { readonly at: string | null }>(all: readonly T[]) =>
    all.toSorted((a, b) => ((a.at ?? "") < (b.at ?? "") ? 1 : -1)).slice(0, MOST);
  return { boots: newest([...left.boots, ...right.boots]), logins: newest([...left.logins, ...right.logins]) };
}
