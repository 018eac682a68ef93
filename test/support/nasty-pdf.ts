/** A PDF of two pages with everything that a clean one has not: text, a font of its own, a script, an attachment. */
export function nastyPdf(): Buffer {
  const font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
  const text = (words: string, colour: string) =>
    stream(`BT /F 36 Tf 72 600 Td ${colour} rg (${words}) Tj ET 0.2 0.4 0.9 rg 100 100 200 150 re f`);
  const page = (content: number) =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 5 0 R >> >> /Contents ${content} 0 R >>`;
  const script = "<< /S /JavaScript /JS (app.alert\\('evil'\\)) >>";
  const names = "/Names << /EmbeddedFiles << /Names [(secret.txt) 9 0 R] >> /JavaScript << /Names [(js) 8 0 R] >> >>";
  return pdfOf([
    `<< /Type /Catalog /Pages 2 0 R /OpenAction 8 0 R ${names} >>`,
    "<< /Type /Pages /Count 2 /Kids [3 0 R 4 0 R] >>",
    page(6),
    page(7),
    font,
    text("Top secret words", "0.8 0 0"),
    text("Second page", "0 0.5 0"),
    script,
    "<< /Type /Filespec /F (secret.txt) /UF (secret.txt) /EF << /F 10 0 R >> >>",
    stream("attached words", "/Type /EmbeddedFile "),
  ]);
}

const stream = (text: string, entries = "") => `<< ${entries}/Length ${text.length} >>\nstream\n${text}\nendstream`;

/** Objects from 1 on, the first of them the catalog. */
function pdfOf(objects: readonly string[]): Buffer {
  let text = "%PDF-1.5\n";
  const offsets = objects.map((body, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info << /Author (The author) >> >>`;
  return Buffer.from(
    `${text}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}${trailer}\nstartxref\n${text.length}\n%%EOF\n`,
    "latin1",
  );
}
