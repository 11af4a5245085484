// Follows one run: its state, what its layers measure, and its tests.
import { runPath, sentence, told } from './page.js';

export const isOver = status => status.state === 'done' || status.state === 'failed';
const later = 3000; // milliseconds

export class Following {
  #source = null; #timer = 0; #isLast = false; #news; #trouble;

  /** @param news has status, layer, evaluation and stream, each takes what it is called; @param trouble takes a sentence, or null. */
  constructor(news, trouble) {
    [this.#news, this.#trouble] = [news, trouble];
  }

  of(run) {
    this.#leave();
    if (run) this.#follow(run);
  }

  /** Whether the run was over; somebody may go on with it. */
  get hasEnded() { return this.#isLast && this.#source === null; }

  #leave() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #follow(run) {
    this.#isLast = false;
    const source = this.#source = new EventSource(runPath(run, '/events'));
    for (const kind of ['status', 'layer', 'evaluation', 'stream']) {
      source.addEventListener(kind, event => {
        if (source !== this.#source) return;
        const data = JSON.parse(event.data);
        this.#news[kind](data);
        if (kind === 'status') {
          this.#trouble(null);
          this.#isLast = isOver(data);
        }
      });
    }
    source.addEventListener('error', () => this.#lost(run, source));
  }

  // The stream of a run that is over ends, and the browser would ask for it again.
  async #lost(run, source) {
    if (source !== this.#source) return;
    if (this.#isLast) {
      this.#leave();
      return;
    }
    if (source.readyState !== EventSource.CLOSED) {
      this.#trouble('The connection is lost, and tried again.');
      return;
    }
    this.#leave(); // it was refused, and the answer to another question says why
    try {
      this.#news.status(await told(runPath(run)));
      this.#trouble('So many watch that there is no room for one more: this page asks now and then.');
    } catch (error) {
      this.#trouble(sentence(error));
    }
    this.#timer = setTimeout(() => this.#follow(run), later);
  }
}
