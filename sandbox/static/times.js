// Dates and numbers as people write them.

const CLOCK = new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("ru", { day: "numeric", month: "long" });
const DAY_AND_YEAR = new Intl.DateTimeFormat("ru", { day: "numeric", month: "long", year: "numeric" });
const SHORT_DAY = new Intl.DateTimeFormat("ru", { day: "2-digit", month: "2-digit", year: "2-digit" });
const FULL = new Intl.DateTimeFormat("ru", { dateStyle: "long", timeStyle: "medium" });

const date = (seconds) => new Date(seconds * 1000);

export const clock = (seconds) => CLOCK.format(date(seconds));
export const fullTime = (seconds) => FULL.format(date(seconds));
export const dayOf = (seconds) => date(seconds).toDateString();

/** "Сегодня", "Вчера", "3 мая" or "3 мая 2024 г.". */
export function dayName(seconds, now = new Date()) {
  const day = date(seconds);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (day.toDateString() === now.toDateString()) return "Сегодня";
  if (day.toDateString() === yesterday.toDateString()) return "Вчера";
  return (day.getFullYear() === now.getFullYear() ? DAY : DAY_AND_YEAR).format(day);
}

/** The time of today's messages, the date of older ones: for the list of chats. */
export function shortTime(seconds, now = new Date()) {
  return dayOf(seconds) === now.toDateString() ? clock(seconds) : SHORT_DAY.format(date(seconds));
}

const RULES = new Intl.PluralRules("ru");

/** plural(3, "участник", "участника", "участников") is "3 участника". */
export function plural(count, one, few, many) {
  const form = RULES.select(count);
  return `${count} ${form === "one" ? one : form === "few" ? few : many}`;
}
