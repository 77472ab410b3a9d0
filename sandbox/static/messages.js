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
    const body = { ...message, reply_markup: null, reactions: null };
    this.#once("body", [body, item.title, item.ticks, hasReactions(message)], () => this.#drawBody(item));
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

  #drawBody({ message, title, ticks }) {
    const text = message.text ?? message.caption ?? "";
    const colour = message.from?.is_bot ? BOT_COLOUR : colourOf(message.from?.id ?? 0);
    const name = title && h("div", { class: `sender ${colour}` }, title);
    const reacted = hasReactions(message);
    const meta = drawMeta(message, ticks);
    const body = h("div", { class: text ? "text" : "text bare" }, formatText(text, message.entities), reacted ? null : meta);
    this.foot.replaceChildren(...(reacted ? [this.pills, meta] : []));
    const canReact = message.message_id !== undefined && !message.state;
    const parts = [name, ...drawMedia(message), text || !reacted ? body : null, reacted && this.foot, canReact && this.reactKey];
    this.bubble.replaceChildren(...parts.filter(Boolean));
    const retry = button({ class: "retry", ...acting("retry", message.key) }, "Не отправлено. Повторить");
    if (message.state === "failed") this.bubble.append(retry);
    requestAnimationFrame(() => dropNeedlessExpanders(this.bubble));
  }
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

function drawMeta(message, ticks) {
  const [name, label] = TICKS[ticks] ?? [];
  const { date, edit_date: edited, views } = message;
  return h("span", { class: "meta" },
    views ? drawViews(views) : null,
    edited ? h("span", { title: `Изменено: ${fullTime(edited)}` }, "изменено") : null,
    h("time", { datetime: new Date(date * 1000).toISOString(), title: fullTime(date) }, clock(date)),
    name ? h("span", { class: `ticks ${ticks}`, role: "img", "aria-label": label, title: label }, icon(name)) : null);
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
