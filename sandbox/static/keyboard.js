// Inline keyboards under a bubble. A button keeps its element over edits,
// so neither focus nor a tap in flight is lost.

import { button as makeButton, h, setAttribute } from "./dom.js";

const specs = new WeakMap();

export const specOf = (button) => specs.get(button);

/** Makes `holder` show these rows; rebuilds it only when its shape has changed. */
export function drawKeyboard(holder, rows) {
  if (shapeOf(holder) !== rows.map((row) => row.length).join()) rebuild(holder, rows);
  const buttons = holder.querySelectorAll("button");
  rows.flat().forEach((spec, index) => dress(buttons[index], spec));
}

const shapeOf = (holder) => [...holder.children].map((row) => row.children.length).join();

function rebuild(holder, rows) {
  const focused = [...holder.querySelectorAll("button")].indexOf(document.activeElement);
  holder.replaceChildren(...rows.map((row) => h("div", { class: "keys" }, row.map(() => makeButton({ class: "key" })))));
  const buttons = holder.querySelectorAll("button");
  if (focused >= 0 && buttons.length) buttons[Math.min(focused, buttons.length - 1)].focus({ preventScroll: true });
}

function dress(button, spec) {
  specs.set(button, spec);
  if (button.textContent !== spec.text) button.replaceChildren(h("span", {}, spec.text));
  button.title = spec.text;
  setAttribute(button, "data-style", spec.style ?? null);
  setAttribute(button, "data-kind", kindOf(spec));
}

function kindOf(spec) {
  if (spec.url || spec.web_app) return "url";
  if (spec.copy_text) return "copy";
  return "callback";
}

/** Marks the buttons of a message whose tap has not been answered yet. */
export function markWaiting(holder, waiting) {
  for (const button of holder.querySelectorAll("button")) {
    const busy = waiting.has(specs.get(button)?.callback_data);
    setAttribute(button, "aria-busy", busy ? "true" : null);
  }
}
