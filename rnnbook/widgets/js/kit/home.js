// The page, the notebook or the editor around an explorable: its keys, its ink.

/**
 * A key pressed in an explorable is its own, but for those that lead away from it. JupyterLab leaves
 * the keys of elements that carry a mark; VS Code acts on every key that bubbles out of an output,
 * and arrows, Enter or Delete would there leave the cell, edit it or delete it.
 */
export function ownKeys(root) {
  root.addEventListener("keydown", (event) => {
    const shortcut = event.ctrlKey || event.metaKey || event.altKey;
    if (!shortcut && !/^(Tab|Escape|F\d+)$/.test(event.key)) event.stopPropagation();
  });
}

export function markKeys(root) {
  const unmarked = ":is(input, button, [tabindex]):not([data-lm-suppress-shortcuts])";
  for (const node of root.querySelectorAll(unmarked)) node.dataset.lmSuppressShortcuts = "true";
}

/** Tell whether the page is dark, where neither the page nor its host says so: by its ink. */
export function followInk(root) {
  const said = "[data-theme], [data-jp-theme-light], [theme], .vscode-dark, .vscode-light";
  const look = () => {
    if (root.parentElement?.closest(said)) return;
    const [r, g, b] = getComputedStyle(root.parentElement ?? root)
      .color.match(/[\d.]+/g)
      .map(Number);
    root.dataset.scheme = 0.3 * r + 0.59 * g + 0.11 * b > 140 ? "dark" : "light";
  };
  const query = matchMedia("(prefers-color-scheme: dark)");
  query.addEventListener("change", look);
  requestAnimationFrame(look);
  return () => query.removeEventListener("change", look);
}

/** Pointing at a term, or focusing it, lights all that carry the same data-term. */
export function lightPartners(root) {
  let lit = null;
  const light = (term) => {
    if (term === lit) return;
    for (const node of root.querySelectorAll("[data-shine]")) delete node.dataset.shine;
    if (term)
      for (const node of root.querySelectorAll(`[data-term="${CSS.escape(term)}"]`)) node.dataset.shine = "";
    lit = term;
  };
  const of = (event) => event.target.closest?.("[data-term]")?.dataset.term ?? null;
  const focused = () =>
    root.querySelector("[data-term]:focus-within, [data-term]:focus")?.dataset.term ?? null;
  root.addEventListener("pointerover", (event) => light(of(event) ?? focused()));
  root.addEventListener("pointerleave", () => light(focused()));
  root.addEventListener("focusin", (event) => light(of(event)));
  root.addEventListener("focusout", () => light(null));
}

export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
