/** What stands behind a path's last slash: all of it where there is none, nothing where it ends with one. */
export function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder of a path, as dirname(1) tells it of one without slashes at its end: `.` of a bare name, `/` of `/a`. */
export function folderIn(path: string): string {
  const end = path.lastIndexOf("/");
  if (end < 0) return ".";
  return end === 0 ? "/" : path.slice(0, end);
}
