// A question with choices. Nothing says which is right before the reader has answered, but for a
// line that only paper shows, where nothing can be answered.

import { html, nothing, render } from "lit-html";
import { followInk, markKeys, ownKeys } from "./kit/home.js";
import { inline } from "./kit/text.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

function mount({ model, el }) {
  const choices = model.get("choices");
  const group = `rnn-quiz-${Math.random().toString(36).slice(2, 10)}`;
  const root = document.createElement("div");
  root.className = "rnn-explorable quiz";
  el.append(root);
  let [picked, answered] = [-1, false];

  const show = (choice, checked) => {
    [picked, answered] = [choice, checked];
    draw();
  };
  const answer = () => {
    show(picked, true);
    const { right } = choices[picked];
    const next = root.querySelector(right ? "input:checked" : "button.again");
    next.focus({ preventScroll: true }); // the button that was pressed is switched off
  };
  const again = () => {
    show(-1, false);
    root.querySelector("input").focus();
  };
  const draw = () => {
    const said = answered ? choices[picked] : null;
    const right = choices.flatMap((choice, k) =>
      choice.right
        ? html`<strong>${LETTERS[k]}. ${inline(choice.text)}</strong>. ${inline(choice.why)} `
        : [],
    );
    render(
      html`<fieldset>
          <legend>${inline(model.get("question"))}</legend>
          ${choices.map(
            ({ text }, k) => html`<label class="choice"><input type="radio" name=${group} value=${k}
              .checked=${k === picked} @change=${() => show(k, false)} /><span>${inline(text)}</span></label>`,
          )}
        </fieldset>
        <div class="answer">
          <button type="button" class="main" ?disabled=${picked < 0 || answered} @click=${answer}>Check</button>
          <button type="button" class="again" ?hidden=${!said || said.right} @click=${again}>Try again</button>
        </div>
        <div class="verdict ${said ? (said.right ? "right" : "wrong") : ""}" aria-live="polite">${
          said
            ? html`<strong>${said.right ? "✓ Right. " : "✗ Not so. "}</strong>${inline(said.why)}`
            : nothing
        }</div>
        <p class="printed">The answer: ${right}</p>`,
      root,
    );
    markKeys(root);
  };
  draw();
  ownKeys(root);
  return followInk(root);
}

export default { render: mount };
