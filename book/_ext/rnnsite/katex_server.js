// Renders formulas for the builder: one JSON request a line on stdin, one JSON answer a line on stdout.
const katex = require(process.argv[2]);

// Colouring needs \htmlClass, which strict KaTeX reports; anything else it reports is an error.
const strict = (code) => (code === "htmlExtension" ? "ignore" : "error");

function render({ latex, display }) {
  try {
    const options = { displayMode: display, throwOnError: true, trust: true, strict };
    return { html: katex.renderToString(latex, options) };
  } catch (error) {
    return { error: error.message };
  }
}

require("readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => process.stdout.write(JSON.stringify(render(JSON.parse(line))) + "\n"));
