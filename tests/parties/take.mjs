// The files that a page shows, each under its name: `node take.mjs page.md folder`.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const [page, folder] = process.argv.slice(2);
for (const [, name, text] of readFileSync(page, "utf8").matchAll(/^`([^`\n]+\.tsx?)`[^\n]*:\n\n```\w+\n(.*?)^```$/gms)) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}
