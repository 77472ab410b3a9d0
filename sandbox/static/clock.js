// The clock of this Telegram: what it shows, setting it forward, and days that pass by themselves.

import { api } from "./api.js";
import { button, h, icon } from "./dom.js";
import { clock as hours, hourOf, ONE_DAY, longDay, span } from "./times.js";

const DAYS_TO_WATCH = 90;
const ONE_DAY_TAKES = 60_000 / DAYS_TO_WATCH;
const STEPS = [
  ["+1 ч", "На час вперёд", ONE_DAY / 24],
  ["+1 день", "На день вперёд", ONE_DAY],
  ["+7 дней", "На 7 дней вперёд", 7 * ONE_DAY],
  ["+30 дней", "На 30 дней вперёд", 30 * ONE_DAY],
];

const seconds = () => Date.now() / 1000;

/** What time it is there, and the ways to change that. */
export class SimClock {
  #offset = 0;
  #run = null;
  ahead = 0;

  /** changed(): something to draw anew; failed(error): the server did not take it. */
  constructor({ changed, failed }) {
    Object.assign(this, { changed, failed });
  }

  now() {
    return seconds() + this.#offset;
  }

  /** {now, ahead} as the server says it. */
  take({ now, ahead }) {
    this.#offset = now - seconds();
    this.ahead = ahead;
  }

  /** How many of how many days have passed while somebody watches; null when nobody does. */
  get progress() {
    return this.#run && { passed: this.#run.passed, of: DAYS_TO_WATCH };
  }

  async forward(step, wait = false) {
    try {
      this.take(await api.forward(step, wait));
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    } finally {
      this.changed();
    }
  }

  toggle() {
    if (this.#run) this.stop();
    else this.#play();
  }

  stop() {
    clearTimeout(this.#run?.timer);
    this.#run = null;
    this.changed();
  }

  /** A day at a time, each at midday: nobody writes at night. A slow server, and a bot that follows, are waited for. */
  async #play() {
    const run = { passed: 0, timer: null };
    this.#run = run;
    this.changed();
    while (this.#run === run && run.passed < DAYS_TO_WATCH) {
      const pause = new Promise((done) => (run.timer = setTimeout(done, ONE_DAY_TAKES)));
      if (!(await this.forward(run.passed ? ONE_DAY : toMiddayTomorrow(this.now()), true))) break;
      run.passed += 1;
      this.changed();
      await pause;
    }
    if (this.#run === run) this.stop();
  }
}

/** From a moment to the twelfth hour of the next day, the minutes kept. */
function toMiddayTomorrow(moment) {
  return ONE_DAY + ((12 - hourOf(moment)) * ONE_DAY) / 24;
}

/** Date, time and buttons; there may be several of them for one clock. */
export class ClockPanel {
  constructor(clock) {
    this.clock = clock;
    this.day = h("span", { class: "clock-day", "data-testid": "clock-day" });
    this.hours = h("span", { class: "clock-hours" });
    this.ahead = h("span", { class: "clock-ahead", title: "Впереди настоящего времени", "data-testid": "clock-ahead" });
    this.play = button({ class: "clock-play", "data-testid": "clock-play", onclick: () => clock.toggle() });
    this.bar = h("progress", { class: "clock-bar", max: DAYS_TO_WATCH, "aria-label": "Прошло дней" });
    const steps = STEPS.map(([text, label, step]) =>
      button({ class: "clock-step", "aria-label": label, title: label, onclick: () => clock.forward(step) }, text));
    const face = h("div", { class: "clock-face" }, icon("clock"), h("p", {}, this.day, this.hours), this.ahead);
    this.node = h("section", { class: "clock-panel", "aria-label": "Часы этого Telegram" },
      face, h("div", { class: "clock-steps" }, steps), this.play, this.bar);
  }

  draw() {
    const { clock } = this;
    const { progress } = clock;
    setText(this.day, longDay(clock.now()));
    setText(this.hours, hours(clock.now()));
    const ahead = span(clock.ahead);
    setText(this.ahead, ahead ? `+${ahead}` : "");
    const label = progress ? `Остановить: день ${progress.passed} из ${progress.of}` : "90 дней за минуту";
    if (this.play.textContent !== label) this.play.replaceChildren(icon(progress ? "stop" : "play"), label);
    this.play.classList.toggle("running", progress !== null);
    this.bar.hidden = progress === null;
    this.bar.value = progress?.passed ?? 0;
  }
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
