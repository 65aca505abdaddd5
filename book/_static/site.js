// What every page of the book does beyond the theme: small things, none of them needed to read.

// 1. Pointing at a quantity, or focusing it, lights the same quantity everywhere on the page.
(() => {
  const keyOf = (target) => {
    const place = target.closest?.("[class*='q-']");
    const name = place && [...place.classList].find((one) => /^q-./.test(one));
    return name?.slice(2);
  };
  const light = (key) => {
    document.querySelectorAll(".rnn-lit").forEach((one) => one.classList.remove("rnn-lit"));
    if (key) document.querySelectorAll(".q-" + key).forEach((one) => one.classList.add("rnn-lit"));
  };
  for (const event of ["pointerover", "focusin"])
    document.addEventListener(event, ({ target }) => light(keyOf(target)));
  document.addEventListener("focusout", () => light(null));
})();

// 2. What scrolls can be reached by keyboard, and only what scrolls: no idle tab stops. Where it is cut
// at a side, it fades there. (A style sheet alone could do that by scroll-driven animations; but each
// of them makes Chromium go over the page twice for every frame of a slider, here 3 ms a frame.)
(() => {
  const scrollers = document.querySelectorAll(
    ".rnn-scroll, .rnn-table, .pst-scrollable-table-container, article pre, .cell_output .output, " +
      "dl.py span.math",
  );
  const FADE = 44; // pixels
  const measure = (place) => {
    const style = getComputedStyle(place);
    const can = (axis) => ["auto", "scroll"].includes(style["overflow" + axis]);
    const beyond = can("X") ? place.scrollWidth - place.clientWidth : 0;
    const down = can("Y") && place.scrollHeight > place.clientHeight;
    return { place, beyond, down, left: place.scrollLeft };
  };
  const mark = ({ place, beyond, down, left }) => {
    if (beyond > 0 || down) place.tabIndex = 0;
    else place.removeAttribute("tabindex");
    place.toggleAttribute("data-cut", beyond > 0);
    if (beyond <= 0) return;
    for (const [side, hidden] of [["left", left], ["right", beyond - left]])
      place.style.setProperty("--cut-" + side, `${Math.max(0, Math.min(hidden, FADE))}px`);
  };
  const check = (places) => places.map(measure).forEach(mark); // all are read before one is changed
  const watch = new ResizeObserver((entries) => check(entries.map(({ target }) => target)));
  for (const place of scrollers) {
    watch.observe(place);
    place.addEventListener("scroll", () => check([place]), { passive: true });
  }
  document.fonts?.addEventListener("loadingdone", () => check([...scrollers]));
})();

// 3. A link into a fold opens the fold.
(() => {
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = target && target.closest("details");
    if (fold && !fold.open) {
      fold.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();
})();

// 4. A dialog (search, the phone's menu and Contents) closes when the page is left, or a link in it is
// followed: Back would bring it up again.
(() => {
  const close = () => document.querySelectorAll("dialog[open]").forEach((one) => one.close());
  addEventListener("pagehide", close);
  addEventListener("pageshow", ({ persisted }) => persisted && close());
  document.addEventListener("click", ({ target }) => {
    if (target.closest("dialog a[href]")) setTimeout(close);
  });
})();

// 5. A formula is copied as its TeX.
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (selection.isCollapsed) return;
  const range = selection.getRangeAt(0).cloneRange();
  const formulaAt = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-tex]");
  const [first, last] = [formulaAt(range.startContainer), formulaAt(range.endContainer)];
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  const copied = document.createElement("div");
  copied.append(range.cloneContents());
  const formulas = copied.querySelectorAll("[data-tex]");
  if (!formulas.length) return;
  for (const one of formulas) {
    const mark = one.classList.contains("math") ? "$" : "$$";
    one.replaceWith(mark + one.dataset.tex + mark);
  }
  copied.style.cssText = "position: fixed; left: -200vw; white-space: normal";
  document.body.append(copied); // only what is laid out has lines
  event.clipboardData.setData("text/plain", copied.innerText);
  copied.remove();
  event.preventDefault();
});

// 6. Paper is light.
(() => {
  const root = document.documentElement.dataset;
  let before;
  const dress = (printing) => {
    if (printing && root.theme !== "light") [before, root.theme] = [root.theme, "light"];
    else if (!printing && before) [root.theme, before] = [before, undefined];
  };
  matchMedia("print").addEventListener("change", ({ matches }) => dress(matches));
  addEventListener("beforeprint", () => dress(true));
  addEventListener("afterprint", () => dress(false));
})();

// 7. A notebook is downloaded; browsers would show its JSON.
for (const link of document.querySelectorAll(".btn-download-source-button")) link.download = "";
