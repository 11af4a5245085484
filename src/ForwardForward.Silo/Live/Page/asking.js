// Asks the network what is on the canvas: after every stroke at once, and again and again while the run trains.
import { query, sentence, told } from './page.js';

const pace = 500; // milliseconds

export class Asking {
  #drawing; #run = null; #trains = false; #asks = null; #answer; #trouble; #asksLayers; #timer = 0; #strokes = 0;

  /**
   * @param answer takes what was answered, and how long it took; @param trouble takes a sentence, or null;
   * @param asksLayers says whether each layer is asked, too.
   */
  constructor(drawing, answer, trouble, asksLayers) {
    this.#drawing = drawing;
    [this.#answer, this.#trouble, this.#asksLayers] = [answer, trouble, asksLayers];
    drawing.addEventListener('stroke', event => this.now(event.detail.since));
    drawing.addEventListener('cleared', () => this.#stop());
    document.addEventListener('visibilitychange', () => this.#again());
  }

  about(run) {
    this.#stop();
    this.#run = run;
    this.#trains = false;
    if (run) this.now(performance.now());
  }

  set trains(trains) {
    if (trains === this.#trains) return;
    this.#trains = trains;
    this.#again();
  }

  /** @param since when the person was done, on the clock of the page. */
  now(since) {
    this.#stop();
    if (this.#run && !this.#drawing.isEmpty) this.#ask(since, true);
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#asks?.abort();
    this.#asks = null;
  }

  #again() {
    clearTimeout(this.#timer);
    if (this.#trains && this.#run && !this.#asks && !this.#drawing.isEmpty && !document.hidden) {
      this.#timer = setTimeout(() => this.#ask(performance.now(), false), pace);
    }
  }

  async #ask(since, isNew) {
    const asks = this.#asks = new AbortController();
    try {
      const [sample, layers] = [this.#drawing.sample, this.#asksLayers()];
      const body = await this.#drawing.picture();
      const more = { ...(layers && { layers }), ...(sample && { figures: 'asIs' }) };
      const answered = await told(query('predict', { run: this.#run, show: isNew, ...more }), {
        method: 'POST', body, headers: { 'content-type': body.type }, signal: asks.signal,
      });
      if (asks !== this.#asks) return;
      if (isNew) this.#strokes++;
      this.#answer(answered, { milliseconds: performance.now() - since, isNew, strokes: this.#strokes, layers, sample });
      this.#trouble(null);
    } catch (error) {
      if (asks === this.#asks) this.#trouble(sentence(error));
    } finally {
      if (asks === this.#asks) {
        this.#asks = null;
        this.#again();
      }
    }
  }
}
