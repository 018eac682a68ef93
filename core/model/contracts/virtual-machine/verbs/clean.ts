import { z } from "zod";
import { action, byteSize, hostPath, inBytes } from "../../../declare.ts";
import { since } from "./verb.ts";

/** Verbs that put files through a disposable machine without a network. */
const base = (packages: string) =>
  z.string().min(1).describe(`A machine that does not run, or an image, with ${packages} in it.`);
const overwrite = () => z.boolean().default(false).describe("Replace a file that is there; never the original.");
const timeout = (seconds: number, what: string) => z.int().min(1).default(seconds).describe(`Seconds ${what}.`);
const maxSize = (what: string) => byteSize().default("256M").describe(what);
const exitCode = (meaning: string) => z.int().describe(meaning);

export const mat = action({
  name: "vm_mat",
  since,
  summary: "Strip files of metadata in a disposable machine",
  description:
    "Files go into a machine that is made for them, has no network device and is thrown away; mat2 strips them there. Clean files are written beside the originals (NAME.cleaned.EXT), which stay as they are. Exit code: 0 where all were cleaned, 1 where some could not be, 125 where guestkit itself failed.",
  input: z.object({
    base: base("mat2"),
    paths: z.array(hostPath()).min(1).describe("Files of the host to clean."),
    lightweight: z
      .boolean()
      .default(false)
      .describe("Take away what can be without making the content anew; leaves more behind."),
    output: hostPath().optional().describe("Where the clean file goes, of one file; beside it where left out."),
    overwrite: overwrite(),
    max_size: maxSize("Bytes that a file may have, before and after."),
    timeout: timeout(300, "that each file may take"),
  }),
  output: z.object({
    files: z
      .array(
        z.object({
          path: z.string().describe("The file as it was given."),
          status: z.string().describe("cleaned, unsupported or failed."),
          written_to: z.string().nullable().describe("The clean file."),
          message: z.string().nullable().describe("Why there is none."),
        }),
      )
      .describe("What became of each, in the order given."),
    exit_code: exitCode("0 where all were cleaned, 1 otherwise."),
  }),
  examples: [
    { title: "A photo without the place it was taken at", input: { base: "mat", paths: ["photo.jpg"] } },
    { title: "Several at once", input: { base: "mat", paths: ["photo.jpg", "letter.odt"], overwrite: true } },
  ],
  aliases: {
    cli: { name: "vm mat", positional: ["base", "paths"], list: "files", exitCode: "exit_code" },
  },
});

export const pdfCleaner = action({
  name: "vm_pdf_cleaner",
  since,
  summary: "Make a PDF harmless in a disposable machine",
  description:
    "The pages are drawn in a machine that is made for it, has no network device and is thrown away. Pixels are all that comes back: a new PDF is made of them, with no text, fonts, scripts or attachments. The original stays as it is.",
  input: z.object({
    base: base("poppler-utils"),
    path: hostPath().describe("The PDF on the host."),
    dpi: z.int().min(30).max(600).default(150).describe("Pixels an inch of a page."),
    grey: z.boolean().default(false).describe("Without colours: the new file is smaller."),
    max_pages: z.int().min(1).max(10_000).default(200).describe("A file with more pages is refused."),
    output: hostPath().optional().describe("Where the clean file goes; NAME.cleaned.pdf beside it where left out."),
    overwrite: overwrite(),
    max_size: maxSize("Bytes that the original may have."),
    timeout: timeout(3600, "that all pages may take"),
  }),
  output: z.object({
    written_to: z.string().describe("The clean file."),
    pages: z.int().describe("How many pages it has."),
    size: z.int().meta(inBytes).describe("Its bytes."),
  }),
  examples: [
    { title: "An invoice by mail", input: { base: "pdf-cleaner", path: "invoice.pdf" } },
    {
      title: "For print, elsewhere",
      input: { base: "pdf-cleaner", path: "invoice.pdf", dpi: 300, output: "clean/invoice.pdf" },
    },
  ],
  aliases: { cli: { name: "vm pdf-cleaner", positional: ["base", "path"] } },
});

export const clamav = action({
  name: "vm_clamav",
  since,
  summary: "Scan files for malware in a disposable machine",
  description:
    "A file, or all files below a folder, are shared read-only with a machine that is made for it, has no network device and is thrown away; ClamAV reads them there, with the signatures of a folder of the host. Symbolic links are not followed. Exit code: 0 where all are clean, 1 where malware was found, 2 where none was found and something could not be scanned, 125 where guestkit itself failed.",
  input: z.object({
    base: base("clamav and python3"),
    path: hostPath().describe("A file or a folder."),
    database: hostPath().describe("Folder of the signatures, as freshclam keeps it: /var/lib/clamav."),
    infected_only: z.boolean().default(false).describe("Leave clean files out of the list."),
    max_size: maxSize("Bytes of a file, and of what is unpacked from it; what is larger is skipped."),
    max_files: z.int().min(1).max(1_000_000).default(100_000).describe("A folder with more files is refused."),
    file_timeout: timeout(120, "that one file may take"),
    timeout: timeout(14_400, "that all of it may take"),
  }),
  output: z.object({
    files: z
      .array(
        z.object({
          path: z.string().describe("The file."),
          path_base64: z.string().nullable().describe("Its bytes where they are no UTF-8."),
          verdict: z.string().describe("clean, infected, error or skipped."),
          signature: z.string().nullable().describe("What was found."),
          message: z.string().nullable().describe("Why it was not scanned."),
        }),
      )
      .describe("A verdict a file, by name."),
    infected: z.int().describe("How many are infected."),
    unscanned: z.int().describe("How many files could not be scanned."),
    signatures: z.int().describe("How many signatures were loaded."),
    database_age_days: z.int().describe("Days since the newest signatures were made; ClamAV warns after 7."),
    engine: z.string().describe("ClamAV's version."),
    exit_code: exitCode("0, 1 or 2; see above."),
  }),
  examples: [
    {
      title: "What came from the net",
      input: { base: "clamav", path: "Downloads", database: "/var/lib/clamav" },
    },
  ],
  aliases: {
    cli: {
      name: "vm clamav",
      positional: ["base", "path"],
      list: "files",
      columns: ["verdict", "path", "signature", "message"],
      exitCode: "exit_code",
    },
  },
});
