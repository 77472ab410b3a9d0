// Dates and numbers as people write them.

const CLOCK = new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("ru", { day: "numeric", month: "long" });
const DAY_AND_YEAR = new Intl.DateTimeFormat("ru", { day: "numeric", month: "long", year: "numeric" });
const SHORT_DAY = new Intl.DateTimeFormat("ru", { day: "2-digit", month: "2-digit", year: "2-digit" });
const WEEKDAY = new Intl.DateTimeFormat("ru", { weekday: "short", day: "numeric", month: "long", year: "numeric" });
const FULL = new Intl.DateTimeFormat("ru", { dateStyle: "long", timeStyle: "medium" });

const date = (seconds) => new Date(seconds * 1000);

export const clock = (seconds) => CLOCK.format(date(seconds));
export const fullTime = (seconds) => FULL.format(date(seconds));
export const longDay = (seconds) => WEEKDAY.format(date(seconds)).replace(/\sг\.$/, "");
export const hourOf = (seconds) => date(seconds).getHours();
export const dayOf = (seconds) => date(seconds).toDateString();

/** "Сегодня", "Вчера", "3 мая" or "3 мая 2024 г.". */
export function dayName(seconds, nowSeconds) {
  const [day, now] = [date(seconds), date(nowSeconds)];
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (day.toDateString() === now.toDateString()) return "Сегодня";
  if (day.toDateString() === yesterday.toDateString()) return "Вчера";
  return (day.getFullYear() === now.getFullYear() ? DAY : DAY_AND_YEAR).format(day);
}

/** The time of today's messages, the date of older ones: for the list of chats. */
export function shortTime(seconds, nowSeconds) {
  return dayOf(seconds) === dayOf(nowSeconds) ? clock(seconds) : SHORT_DAY.format(date(seconds));
}

const COMPACT = new Intl.NumberFormat("ru", { notation: "compact", maximumFractionDigits: 1 });
const PRECISE = new Intl.NumberFormat("ru", { maximumFractionDigits: 1 });

/** "987", "1,2 тыс.": for counts that stand in little room. */
export const compact = (count) => COMPACT.format(count);

const SIZES = ["Б", "КБ", "МБ", "ГБ"];

/** A file's size: "1,2 МБ". */
export function fileSize(bytes) {
  const step = Math.min(SIZES.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  return `${PRECISE.format(bytes / 1024 ** step)} ${SIZES[step]}`;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
export const ONE_DAY = 24 * HOUR;

/** "3 дня", "5 часов", "10 минут"; null for less than a minute. */
export function span(seconds) {
  if (seconds >= ONE_DAY) return plural(Math.floor(seconds / ONE_DAY), "день", "дня", "дней");
  if (seconds >= HOUR) return plural(Math.floor(seconds / HOUR), "час", "часа", "часов");
  return seconds >= MINUTE ? plural(Math.floor(seconds / MINUTE), "минута", "минуты", "минут") : null;
}

const RULES = new Intl.PluralRules("ru");

/** plural(3, "участник", "участника", "участников") is "3 участника". */
export function plural(count, one, few, many) {
  const form = RULES.select(count);
  return `${PRECISE.format(count)} ${form === "one" ? one : form === "few" ? few : many}`;
}
