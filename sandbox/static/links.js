// Which links stay inside this Telegram, and which leave it.

const TELEGRAM_HOSTS = new Set(["t.me", "telegram.me", "telegram.dog"]);
const SAFE = new Set(["http:", "https:", "mailto:", "tel:"]);

/**
 * Reads what a person typed or a bot sent. Returns {kind: "start", url} for a deep link to the bot,
 * {kind: "chat", chat} for a chat that exists here, {kind: "outside", url}, or {kind: "refused"}.
 */
export function readLink(text, world) {
  const url = parse(text.trim());
  if (!url || !(SAFE.has(url.protocol) || url.protocol === "tg:")) return { kind: "refused" };
  const target = telegramTarget(url);
  if (!target) return url.protocol === "tg:" ? { kind: "refused" } : { kind: "outside", url: url.href };
  return insideLink(target, world) ?? { kind: "outside", url: `https://t.me${target.rest}` };
}

function parse(text) {
  const hasScheme = /^[a-z][a-z0-9+.-]*:/i.test(text);
  try {
    return new URL(hasScheme ? text : `https://${text.replace(/^@/, "t.me/")}`);
  } catch {
    return null;
  }
}

function telegramTarget(url) {
  if (url.protocol === "tg:") return schemeTarget(url);
  if (!TELEGRAM_HOSTS.has(url.hostname)) return null;
  const name = url.pathname.split("/")[1] ?? "";
  return { name, start: url.searchParams.get("start"), rest: url.pathname + url.search };
}

function schemeTarget(url) {
  const query = new URLSearchParams(url.search);
  const name = query.get("domain");
  return name ? { name, start: query.get("start"), rest: `/${name}` } : null;
}

function insideLink({ name, start }, world) {
  const wanted = name.toLowerCase();
  if (wanted === world.bot.username.toLowerCase()) return botLink(start, world);
  const chat = [...world.chats.values()].find((one) => one.username?.toLowerCase() === wanted);
  return chat ? { kind: "chat", chat: chat.id } : null;
}

function botLink(start, world) {
  if (start === null) return { kind: "bot" };
  return { kind: "start", url: `https://t.me/${world.bot.username}?start=${encodeURIComponent(start)}` };
}
