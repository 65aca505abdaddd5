// Joins each widget's JavaScript with what it imports, into one module that Python ships.
//
//   node tools/widgets.mjs            writes rnnbook/widgets/built/*.js
//   node tools/widgets.mjs --check    writes nothing, and fails where one of them is not current

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const tools = dirname(fileURLToPath(import.meta.url));
const widgets = join(tools, "..", "rnnbook", "widgets");
const [sources, built] = [join(widgets, "js"), join(widgets, "built")];
const check = process.argv.includes("--check");

// A widget's module has a default export; mathematics.js and the kit are what widgets import.
const entries = readdirSync(sources)
  .filter((name) => name.endsWith(".js"))
  .map((name) => join(sources, name))
  .filter((path) => /^export default /m.test(readFileSync(path, "utf8")));

const { outputFiles } = await build({
  entryPoints: entries,
  outdir: built,
  bundle: true,
  format: "esm",
  target: ["chrome111", "firefox113", "safari16.4"],
  nodePaths: [join(tools, "node_modules")],
  charset: "utf8",
  minifySyntax: true,
  minifyWhitespace: true, // names stay, and lines end: a change can be read
  lineLimit: 160,
  legalComments: "inline",
  banner: { js: `// Made of rnnbook/widgets/js by "make widgets"; change it there.` },
  write: false,
  logLevel: "warning",
});

const wanted = new Map(outputFiles.map((file) => [basename(file.path), file.text]));
mkdirSync(built, { recursive: true });
const stale = [];
for (const [name, text] of wanted) {
  const path = join(built, name);
  if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
  stale.push(name);
  if (!check) writeFileSync(path, text);
}
for (const name of readdirSync(built).filter((file) => file.endsWith(".js") && !wanted.has(file))) {
  stale.push(name);
  if (!check) rmSync(join(built, name));
}
for (const name of stale) console.log(`${check ? "not current" : "built"}: ${name}`);
process.exitCode = check && stale.length ? 1 : 0;
