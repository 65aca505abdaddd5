// The drawing kit. README.md, one folder up, says how an explorable is made of it.

export { html, nothing, svg } from "lit-html";
export { bars } from "./bars.js";
export * from "./chart.js";
export { button, choiceControl, controls, numberControl, textControl } from "./controls.js";
export * from "./diagram.js";
export * from "./equation.js";
export { explorable } from "./explorable.js";
export { follow, looking, painting, placeIn, stepsOf } from "./gestures.js";
export * from "./in_time.js";
export { along, around, aside, spread } from "./labels.js";
export * from "./numbers.js";
export { inline, symbol, widthOf } from "./text.js";
