// Renders formulas for the builder: one JSON request a line on stdin, one JSON answer a line on stdout.
const temml = require(process.argv[2]);

// A formula in a line that has more leaves than this may break after a relation or an operator.
const LONG = 14;
const OPTIONS = { throwOnError: true, trust: true };

function parts(latex, display) {
  const whole = temml.renderToString(latex, { ...OPTIONS, displayMode: display, wrap: "none" });
  // Browsers break no line inside a formula: one that may break becomes several formulas.
  if (display || whole.match(/<m[ino][ >]|<mtext/g)?.length <= LONG) return [whole];
  const tree = temml.__renderToMathMLTree(latex, { ...OPTIONS, wrap: "tex" });
  const pieces = tree.children.flatMap((one) => (one.type ? [one] : one.children));
  for (const piece of pieces.slice(0, -1)) lastOperator(piece)?.setAttribute("form", "infix");
  return pieces.map((piece) => `<math>${piece.toMarkup()}</math>`);
}

// The operator that a piece ends with: at the end of a formula it would be set as a postfix.
function lastOperator(piece) {
  const node = piece.children?.at(-1);
  return node?.type === "mo" ? node : null;
}

function render({ latex, display }) {
  try {
    return { parts: parts(latex, display) };
  } catch (error) {
    return { error: error.message };
  }
}

require("readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => process.stdout.write(JSON.stringify(render(JSON.parse(line))) + "\n"));
