// A message's text and its entities as DOM nodes. Offsets count UTF-16 units, and so do JavaScript's strings.

import { acting, button, h, icon } from "./dom.js";

/** Returns the nodes of a text. */
export function formatText(text, entities = []) {
  const known = entities.filter((entity) => entity.length > 0 && entity.offset >= 0 && entity.offset < text.length);
  known.sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nest(text, 0, text.length, known);
}

function nest(text, start, end, entities) {
  const nodes = [];
  let cursor = start;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const from = Math.max(entity.offset, cursor);
    const to = Math.min(entity.offset + entity.length, end);
    rest = others;
    if (from >= to) continue;
    const inside = others.filter((other) => other.offset < to);
    rest = others.filter((other) => other.offset + other.length > to);
    nodes.push(text.slice(cursor, from), draw(entity, text.slice(from, to), nest(text, from, to, inside)));
    cursor = to;
  }
  nodes.push(text.slice(cursor, end));
  return nodes.map(withoutBreakAtBlock).filter((node) => node !== "");
}

/** A block begins and ends a line by itself: the line break beside it would be a second one. */
function withoutBreakAtBlock(node, at, nodes) {
  if (typeof node !== "string") return node;
  const text = isBlock(nodes[at - 1]) ? node.replace(/^\n/, "") : node;
  return isBlock(nodes[at + 1]) ? text.replace(/\n$/, "") : text;
}

const isBlock = (node) => node instanceof Element && node.matches("blockquote, .pre");

const PRESSABLE = { role: "button", tabindex: 0 };
const HIDDEN = "Скрытый текст, нажмите, чтобы показать";
const PLAIN_TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s" };

const DRAWN = {
  spoiler: (_, __, children) =>
    h("span", { class: "spoiler", ...PRESSABLE, "aria-label": HIDDEN, ...acting("reveal") }, children),
  code: (_, raw) => h("code", { ...PRESSABLE, title: "Скопировать", ...acting("copy", raw) }, raw),
  pre: drawPre,
  blockquote: (_, __, children) => h("blockquote", {}, children),
  expandable_blockquote: (_, __, children) =>
    h("blockquote", { class: "expandable" }, h("div", { class: "quoted" }, children),
      button({ class: "expander", "aria-expanded": "false", ...acting("expand") }, "Показать полностью")),
  text_link: (entity, _, children) => link(entity.url, children),
  url: (_, raw, children) => link(raw, children),
  email: (_, raw, children) => link(`mailto:${raw}`, children),
  phone_number: (_, raw, children) => link(`tel:${raw}`, children),
  mention: (_, raw, children) => link(`t.me/${raw.slice(1)}`, children),
  bot_command: (_, raw) => button({ class: "command", ...acting("command", raw) }, raw),
  hashtag: (_, __, children) => h("span", { class: "tag" }, children),
  cashtag: (_, __, children) => h("span", { class: "tag" }, children),
  date_time: drawTime,
};

function draw(entity, raw, children) {
  const plain = PLAIN_TAGS[entity.type];
  if (plain) return h(plain, {}, children);
  return DRAWN[entity.type]?.(entity, raw, children) ?? h("span", {}, children);
}

function link(target, children) {
  const href = /^[a-z][a-z0-9+.-]*:/i.test(target) ? target : `https://${target}`;
  const safe = /^(https?|mailto|tel|tg):/i.test(href) ? href : "#";
  return h("a", { href: safe, target: "_blank", rel: "noopener noreferrer", ...acting("link", target) }, children);
}

function drawPre(entity, raw) {
  const copy = button({ class: "pre-copy", "aria-label": "Скопировать код", ...acting("copy", raw) }, icon("copy"));
  const head = h("div", { class: "pre-head" }, h("span", {}, entity.language ?? "код"), copy);
  return h("div", { class: "pre" }, head, h("pre", {}, raw));
}

function drawTime(entity, _, children) {
  const date = entity.unix_time ? new Date(entity.unix_time * 1000) : null;
  return h("time", { datetime: date?.toISOString(), title: date?.toLocaleString("ru") }, children);
}

const graphemes = new Intl.Segmenter("ru", { granularity: "grapheme" });
const EMOJI = /^(\p{Extended_Pictographic}|\p{Regional_Indicator}|[0-9#*]\u{FE0F}?\u{20E3})/u;

/** How many emoji the text is made of, if it is one to three of them and nothing else; else 0. */
export function emojiCount(text) {
  if (!text || text.length > 40) return 0;
  const parts = [...graphemes.segment(text)].map((part) => part.segment);
  return parts.length <= 3 && parts.every((part) => EMOJI.test(part)) ? parts.length : 0;
}
