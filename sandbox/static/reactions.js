// Reactions under a message, and the small picker of them.

import { acting, button, h, reconcile, setAttribute } from "./dom.js";
import { moveByArrows, showPopover } from "./overlays.js";
import { compact } from "./times.js";

const OFFERED = ["👍", "❤", "🔥", "🎉", "😁", "🤔", "😢", "👎"];
const NAMES = {
  "👍": "нравится", "❤": "сердце", "🔥": "огонь", "🎉": "праздник",
  "😁": "смешно", "🤔": "надо подумать", "😢": "грустно", "👎": "не нравится",
};

/** Telegram's heart comes without the selector that makes it red. */
const drawn = (emoji) => (emoji === "❤" ? "❤\uFE0F" : emoji);
const nameOf = (emoji) => NAMES[emoji] ?? emoji;

/** The emoji this person gave, or undefined. */
export const chosenReaction = (person, message) => message.reacted?.[person.id];

export const hasReactions = (message) => Object.keys(message.reactions ?? {}).length > 0;

/** Makes `holder` show {emoji: count}; `mine` is the emoji of who looks. */
export function drawReactions(holder, reactions = {}, mine) {
  const items = Object.entries(reactions).map(([emoji, count]) => ({ key: emoji, emoji, count, mine: emoji === mine }));
  reconcile(holder, items, ({ emoji }) => new Pill(emoji));
}

class Pill {
  constructor(emoji) {
    this.count = h("span", { class: "pill-count" });
    this.node = button({ class: "reaction", ...acting("react", emoji) },
      h("span", { class: "pill-emoji", "aria-hidden": "true" }, drawn(emoji)), this.count);
  }

  update({ emoji, count, mine }) {
    this.count.textContent = compact(count);
    setAttribute(this.node, "aria-pressed", mine);
    setAttribute(this.node, "aria-label", `Реакция ${nameOf(emoji)}: ${count}`);
  }
}

/** Opens the picker beside `anchor`; pick(emoji) is told. */
export function pickReaction(anchor, mine, pick) {
  const choose = (emoji) => (panel.hidePopover(), pick(emoji));
  const draw = (emoji) =>
    button({ "aria-label": nameOf(emoji), title: nameOf(emoji), "aria-pressed": String(emoji === mine), onclick: () => choose(emoji) },
      drawn(emoji));
  const named = { role: "group", "aria-label": "Реакции", "data-testid": "reactions" };
  const panel = h("div", { class: "menu reactions", popover: "auto", ...named }, OFFERED.map(draw));
  panel.addEventListener("keydown", (event) => moveByArrows(event, [...panel.children]));
  showPopover(panel, anchor);
  (panel.querySelector("[aria-pressed=true]") ?? panel.firstElementChild).focus();
}
