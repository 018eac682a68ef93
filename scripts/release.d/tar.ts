import { run, sourceDate } from "./tree.ts";

/** Packs what is in a folder by that name: the same archive of the same content. `level`: of gzip, 1 to 9. */
export async function writeTar(path: string, folder: string, name: string, level: number): Promise<void> {
  const same = ["--owner=0", "--group=0", "--numeric-owner", "--sort=name", "--format=ustar", "--mode=u=rwX,go=rX"];
  const compress = `--use-compress-program=gzip --no-name -${Math.max(level, 1)}`;
  await run("tar", [...same, `--mtime=@${await sourceDate()}`, compress, "-C", folder, "-cf", path, name]);
}
