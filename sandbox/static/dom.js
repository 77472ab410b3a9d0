// Building blocks of the page. Text becomes text nodes and never markup:
// what people and bots write is not trusted.

const SVG = "http://www.w3.org/2000/svg";

/** h("button", {class: "x", onclick: f, "aria-label": "…"}, "text", node, null) makes an element. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProperty(element, name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function setProperty(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else element.setAttribute(name, value === true ? "" : String(value));
}

export const button = (props, ...children) => h("button", { type: "button", ...props }, ...children);

/** Attributes of an element inside a message that does something when clicked: chat.js knows what. */
export const acting = (act, value) => ({ "data-act": act, "data-value": value });

/** Puts the attribute there, or takes it away when the value is null. */
export function setAttribute(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, String(value));
}

const STROKES = {
  back: "M15 5l-7 7 7 7",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  send: "M4 12l16-8-5.5 17-3-7.2zM11.5 13.8L20 4",
  attach: "M19 11.5l-7.2 7.2a4.6 4.6 0 01-6.5-6.5l7.9-7.9a3.1 3.1 0 014.4 4.4l-7.8 7.8a1.5 1.5 0 01-2.2-2.2l7-7",
  slash: "M15.5 5.5l-7 13",
  down: "M6 9.5l6 6 6-6",
  sun:
    "M12 8a4 4 0 100 8 4 4 0 000-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2" +
    "M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M20 14.5A8.5 8.5 0 019.5 4a8.5 8.5 0 1010.5 10.5z",
  link:
    "M10 14a4.5 4.5 0 006.6.4l2.6-2.6a4.5 4.5 0 00-6.4-6.4L11.6 6.6" +
    "M14 10a4.5 4.5 0 00-6.6-.4l-2.6 2.6a4.5 4.5 0 006.4 6.4l1.2-1.2",
  restart: "M4.5 12a7.5 7.5 0 107.5-7.5H7M10 1.5l-3 3 3 3",
  block: "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM6 6l12 12",
  language: "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.01",
  sticker: "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM8.5 14.2c1.8 2.6 5.2 2.6 7 0M9.2 9.5v.01M14.8 9.5v.01",
  copy: "M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4",
  check: "M5 12.5l4.5 4.5L19 7.5",
  checks: "M2.5 12.5L7 17l9-9.5M11.5 16.5l.5.5 9-9.5",
  clock: "M12 4a8 8 0 100 16 8 8 0 000-16zM12 7.5V12l3 2",
  alert: "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM12 7.5v5.5M12 16.2v.01",
  channel: "M4 10v4l3 .5V9.5zM7 9.5L18 5v14L7 14.5M9 15l1 4.5",
  eye: "M2.5 12c2.5-4.3 5.7-6.5 9.5-6.5s7 2.2 9.5 6.5c-2.5 4.3-5.7 6.5-9.5 6.5s-7-2.2-9.5-6.5zM12 9.2a2.8 2.8 0 100 5.6 2.8 2.8 0 000-5.6z",
  smile: "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM8.2 13.7c1.7 3 5.9 3 7.6 0M9 9.5v.01M15 9.5v.01",
  file: "M6.5 3.5h7.5l4.5 4.5v12.5h-12zM14 3.5V8h4.5",
  download: "M12 4v11M7 10.5l5 5 5-5M5 19.5h14",
  play: "M8 5.5l10.5 6.5L8 18.5z",
  stop: "M7 7h10v10H7z",
  left: "M14.5 5.5L8 12l6.5 6.5",
  right: "M9.5 5.5L16 12l-6.5 6.5",
  close: "M6 6l12 12M18 6L6 18",
  bug: "M8.5 8.5a3.5 3.5 0 017 0M7.5 9.5h9v4.5a4.5 4.5 0 01-9 0zM7.5 12.5H4M20 12.5h-3.5M7.5 9.5L5 7M16.5 9.5L19 7M8 16.5L5.5 19M16 16.5l2.5 2.5M12 9.5v9",
  group:
    "M9 11a3 3 0 100-6 3 3 0 000 6zM3.5 19c.3-3.5 2.5-5.5 5.5-5.5s5.2 2 5.5 5.5" +
    "M16 11.5a2.5 2.5 0 100-5M17 14c2 .4 3.3 2.1 3.5 5",
};

/** A line icon that takes the colour of the text around it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", STROKES[name]);
  svg.append(path);
  return svg;
}

const COLOURS = 7;

/** A round picture made of the first letter; the colour follows the id, as in Telegram. */
export function avatar(id, title, extra = "") {
  const letter = [...title][0]?.toUpperCase() ?? "?";
  return h("span", { class: `avatar ${colourOf(id)} ${extra}`, "aria-hidden": "true" }, letter);
}

export const colourOf = (id) => `colour-${Math.abs(id) % COLOURS}`;

/**
 * Makes the children of `parent` show `items` ({key, …}), each by a view made once with create(item) and
 * told of changes by view.update(item). What stays keeps its element, and with it focus and a tap in flight.
 */
export function reconcile(parent, items, create) {
  const views = (parent.views ??= new Map());
  const focused = document.activeElement;
  dropMissing(views, new Set(items.map((item) => item.key)));
  let place = parent.firstElementChild;
  for (const item of items) {
    const view = views.get(item.key) ?? create(item);
    views.set(item.key, view);
    view.update(item);
    if (view.node === place) place = place.nextElementSibling;
    else parent.insertBefore(view.node, place);
  }
  if (focused !== document.activeElement && parent.contains(focused)) focused.focus({ preventScroll: true });
}

function dropMissing(views, wanted) {
  for (const [key, view] of views) {
    if (wanted.has(key)) continue;
    view.node.remove();
    views.delete(key);
  }
}
