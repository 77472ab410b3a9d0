// Taps on callback buttons, each waiting for its answer.

import { api } from "./api.js";

const PATIENCE = 20000;

export class Taps {
  #waiting = new Map();
  #early = new Map();
  #next = 1;

  /** changed(): a button begins or ends to wait; answered(answer): the bot's answer to a tap of this tab. */
  constructor({ changed, answered }) {
    Object.assign(this, { changed, answered });
  }

  /** The data of the buttons of this message that wait. */
  waitingIn(chat, message) {
    const here = [...this.#waiting.values()].filter((tap) => tap.chat === chat && tap.message === message);
    return new Set(here.map((tap) => tap.data));
  }

  async tap(chat, person, message, data) {
    const key = this.#next++;
    const tap = { chat, message, data, query: null, timer: setTimeout(() => this.#end(key), PATIENCE) };
    this.#waiting.set(key, tap);
    this.changed();
    try {
      tap.query = (await api.tap(chat, person, message, data)).callback_query_id;
      this.#takeEarly(tap.query);
    } catch (error) {
      this.#end(key);
      throw error;
    }
  }

  /** An answer from the stream; one that is faster than the response to the tap itself is kept for it. */
  take(answer) {
    const key = [...this.#waiting.keys()].find((k) => this.#waiting.get(k).query === answer.callback_query_id);
    if (key !== undefined) return this.#finish(key, answer);
    const underWay = [...this.#waiting.values()].some((tap) => tap.query === null);
    if (underWay) this.#early.set(answer.callback_query_id, answer);
    return undefined;
  }

  #takeEarly(query) {
    const answer = this.#early.get(query);
    this.#early.delete(query);
    if (answer) this.take(answer);
  }

  #finish(key, answer) {
    this.#end(key);
    this.answered(answer);
  }

  #end(key) {
    clearTimeout(this.#waiting.get(key)?.timer);
    if (!this.#waiting.delete(key)) return;
    if (!this.#waiting.size) this.#early.clear();
    this.changed();
  }

  /** After a lost connection no answer is awaited any more. */
  forget() {
    for (const key of [...this.#waiting.keys()]) this.#end(key);
  }
}
