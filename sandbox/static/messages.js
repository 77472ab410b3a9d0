// Rows of a conversation: date separators and messages.

import { acting, avatar, button, colourOf, h, icon, setAttribute } from "./dom.js";
import { emojiCount, formatText } from "./format.js";
import { drawKeyboard, markWaiting } from "./keyboard.js";
import { drawMedia, mediaShape } from "./media.js";
import { drawReactions, hasReactions } from "./reactions.js";
import { clock, compact, dayName, fullTime, plural } from "./times.js";

const BOT_COLOUR = "colour-5";

/** A date between two days. */
export class DayRow {
  node = h("div", { class: "day" });

  update({ date, now }) {
    const name = dayName(date, now);
    if (this.node.textContent !== name) this.node.replaceChildren(h("span", {}, name));
  }
}

/** One message or album: avatar, bubble, keyboard. Each part is drawn anew only when it has changed. */
export class MessageRow {
  meta = h("span", { class: "meta" });
  pills = h("div", { class: "pills" });
  foot = h("div", { class: "foot" }, this.pills);
  reactKey = button({ class: "react-key", "aria-label": "Поставить реакцию", title: "Поставить реакцию",
    "aria-haspopup": "true", "aria-expanded": "false", ...acting("pick-reaction") }, icon("smile"));
  bubble = h("div", { class: "bubble" });
  keys = h("div", { class: "keyboard" });
  stack = h("div", { class: "stack" }, this.bubble, this.keys);
  side = h("div", { class: "side" });
  node = h("div", { role: "group" }, this.side, this.stack);
  #drawn = {};

  update(item) {
    const { message } = item;
    this.#setRow(item);
    this.#once("side", [item.showsAvatar], () => this.#drawSide(item));
    const reacted = hasReactions(message);
    const content = [contentOf(message), message.parts?.map(contentOf), item.title, reacted];
    this.#once("body", content, () => this.#drawBody(item, reacted));
    const { date, edited, edit_date: editDate, views } = message;
    this.#once("meta", [date, edited, editDate, views, item.ticks], () => drawMeta(this.meta, message, item.ticks));
    drawReactions(this.pills, message.reactions, item.mine);
    const rows = message.reply_markup?.inline_keyboard ?? [];
    this.#once("keys", rows, () => drawKeyboard(this.keys, rows));
    markWaiting(this.keys, item.waiting);
  }

  #once(part, basis, draw) {
    const signature = JSON.stringify(basis);
    if (this.#drawn[part] === signature) return;
    this.#drawn[part] = signature;
    draw();
  }

  #setRow({ message, own, first, last, fresh }) {
    const shape = [shapeOf(message), hasReactions(message) && "reacted"].filter(Boolean).join(" ");
    const keyboard = message.reply_markup?.inline_keyboard?.length ? "with-keyboard" : "";
    const drawnFresh = this.node.classList.contains("fresh") || (fresh && !this.node.isConnected);
    const classes = ["row", own ? "out" : "in", first && "first", last && "last", shape, keyboard, drawnFresh && "fresh"];
    this.node.className = classes.filter(Boolean).join(" ");
    setAttribute(this.node, "data-message-id", message.message_id ?? null);
    setAttribute(this.node, "aria-label", `${own ? "Вы" : (message.from?.first_name ?? "")}, ${clock(message.date)}`);
  }

  #drawSide({ message, showsAvatar }) {
    const { id = 0, first_name: name = "?", is_bot: isBot } = message.from ?? {};
    this.side.replaceChildren(...(showsAvatar ? [avatar(id, name, isBot ? "bot" : "")] : []));
  }

  #drawBody({ message, title }, reacted) {
    const text = message.text ?? message.caption ?? "";
    const colour = message.from?.is_bot ? BOT_COLOUR : colourOf(message.from?.id ?? 0);
    const name = title && h("div", { class: `sender ${colour}` }, title);
    const words = h("div", { class: text ? "text" : "text bare" }, formatText(text, message.entities));
    (reacted ? this.foot : words).append(this.meta);
    const drawn = [name, ...drawMedia(message), (text || !reacted) && words, reacted && this.foot];
    this.bubble.replaceChildren(...drawn.filter(Boolean), ...this.#keysInside(message));
    requestAnimationFrame(() => dropNeedlessExpanders(this.bubble));
  }

  #keysInside({ state, key }) {
    if (state === "failed") return [button({ class: "retry", ...acting("retry", key) }, "Не отправлено. Повторить")];
    return state ? [] : [this.reactKey];
  }
}

/** What a bubble shows for good; reactions and views come and go under it and make none anew. */
function contentOf({ text, caption, entities, photo, document, sticker, from, state }) {
  return [text, caption, entities, photo, document, sticker, from, state];
}

function shapeOf(message) {
  const shape = mediaShape(message);
  const count = shape ? 0 : emojiCount(message.text);
  return count ? `emoji emoji-${count}` : shape;
}

const TICKS = {
  sending: ["clock", "отправляется"],
  failed: ["alert", "не отправлено"],
  sent: ["check", "доставлено"],
  seen: ["checks", "прочитано"],
};

function drawMeta(holder, { date, edited, edit_date: editDate, views }, ticks) {
  const [name, label] = TICKS[ticks] ?? [];
  const nodes = [
    views ? drawViews(views) : null,
    edited ? h("span", { title: `Изменено: ${fullTime(editDate)}` }, "изменено") : null,
    h("time", { datetime: new Date(date * 1000).toISOString(), title: fullTime(date) }, clock(date)),
    name ? h("span", { class: `ticks ${ticks}`, role: "img", "aria-label": label, title: label }, icon(name)) : null,
  ];
  holder.replaceChildren(...nodes.filter(Boolean));
}

function drawViews(views) {
  const label = plural(views, "просмотр", "просмотра", "просмотров");
  return h("span", { class: "views", role: "img", "aria-label": label, title: label }, icon("eye"), compact(views));
}

function dropNeedlessExpanders(bubble) {
  for (const quote of bubble.querySelectorAll("blockquote.expandable")) {
    const text = quote.querySelector(".quoted");
    const fits = text.scrollHeight <= text.clientHeight + 2;
    if (fits && !quote.classList.contains("open")) quote.querySelector(".expander").hidden = true;
  }
}
