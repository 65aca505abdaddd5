// A question with choices. Nothing says which is right before the reader has answered, but for a
// line that only paper shows, where nothing can be answered.

let quizzes = 0;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export default {
  render({ model, el }) {
    const choices = model.get("choices");
    const group = `rnn-quiz-${(quizzes += 1)}-${Math.random().toString(36).slice(2, 8)}`;
    const radios = choices.map((_, k) => html("input", { type: "radio", name: group, value: k }));
    const labels = choices.map((choice, k) =>
      html("label", { class: "choice" }, radios[k], html("span", {}, ...inline(choice.text))),
    );
    const check = html("button", { type: "button", class: "main", disabled: "" }, "Check");
    const again = html("button", { type: "button", hidden: "" }, "Try again");
    const verdict = html("div", { class: "verdict", "aria-live": "polite" });
    const root = html(
      "div",
      { class: "rnn-explorable quiz" },
      html("fieldset", {}, html("legend", {}, ...inline(model.get("question"))), ...labels),
      html("div", { class: "answer" }, check, again),
      verdict,
    );
    const right = choices.flatMap(({ right, text, why }, k) =>
      right ? [html("strong", {}, `${LETTERS[k]}. `, ...inline(text)), ". ", ...inline(why), " "] : [],
    );
    root.append(html("p", { class: "printed" }, "The answer: ", ...right));
    const picked = () => radios.findIndex((radio) => radio.checked);
    const clear = () => {
      verdict.replaceChildren();
      verdict.className = "verdict";
    };
    const answer = () => {
      const { right, why } = choices[picked()];
      verdict.className = `verdict ${right ? "right" : "wrong"}`;
      verdict.replaceChildren(
        html("strong", {}, right ? "✓ Right. " : "✗ Not so. "),
        ...inline(why),
      );
      again.hidden = right;
      (right ? radios[picked()] : again).focus({ preventScroll: true });
      check.disabled = true; // and would have lost the focus to the page
    };
    root.addEventListener("change", () => {
      clear();
      check.disabled = false;
      again.hidden = true;
    });
    check.addEventListener("click", answer);
    again.addEventListener("click", () => {
      clear();
      radios.forEach((radio) => (radio.checked = false));
      again.hidden = true;
      radios[0].focus();
    });
    el.append(root);
    ownKeys(root);
    return followInk(root);
  },
};
