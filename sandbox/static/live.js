// The stream of events. Every (re)connection begins with a full picture, so whatever happened in between,
// a restart of the server included, nothing is missed and nothing is shown twice.

const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 5000;

export class Live {
  /** load() fetches the picture and returns the event to go on from; apply(event) takes one; status(connected). */
  constructor({ load, apply, status }) {
    Object.assign(this, { load, apply, status, pause: FIRST_PAUSE });
  }

  async start() {
    try {
      this.listen(await this.load());
    } catch (error) {
      console.warn(error);
      this.retry();
    }
  }

  restart() {
    this.source?.close();
    this.start();
  }

  listen(after) {
    const source = new EventSource(`/sim/events?after=${after}`);
    this.source = source;
    source.onopen = () => {
      this.pause = FIRST_PAUSE;
      this.status(true);
    };
    source.onmessage = (event) => this.apply(JSON.parse(event.data));
    source.onerror = () => {
      source.close();
      this.retry();
    };
  }

  retry() {
    this.status(false);
    setTimeout(() => this.start(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }
}
