// Test images of the run, to be asked about by a click; read when somebody opens them.
import { byId, className, element, number, query, runPath, sentence, told } from './page.js';

const count = 24;

export class Samples {
  #drawing; #run = null; #from = 0; #isRead = false;

  constructor(drawing) {
    this.#drawing = drawing;
    byId('tests').addEventListener('toggle', () => this.#read());
    byId('earlier').addEventListener('click', () => this.#go(-count));
    byId('later').addEventListener('click', () => this.#go(count));
  }

  /** @param run its newest status, once its classes are known; null: none. */
  about(run) {
    if (run?.run === this.#run?.run) return;
    [this.#run, this.#from, this.#isRead] = [run, 0, false];
    byId('samples').replaceChildren();
    byId('sampled').textContent = '';
    for (const id of ['earlier', 'later']) byId(id).disabled = true;
    this.#read();
  }

  #go(by) {
    [this.#from, this.#isRead] = [Math.max(0, this.#from + by), false];
    this.#read();
  }

  async #read() {
    if (!byId('tests').open || !this.#run || this.#isRead) return;
    this.#isRead = true;
    const [run, from] = [this.#run, this.#from];
    try {
      const { images, count: all } = await told(query(runPath(run.run, '/tests'), { from, count }));
      if (run !== this.#run || from !== this.#from) return;
      byId('samples').replaceChildren(...images.map(image => this.#item(image)));
      byId('sampled').textContent = images.length === 0
        ? 'There are no more.'
        : `${number(from + 1)} to ${number(from + images.length)} of ${number(all)} that it is tested with and never learns from.`;
      byId('earlier').disabled = from === 0;
      byId('later').disabled = from + images.length >= all;
    } catch (error) {
      if (run !== this.#run) return;
      byId('sampled').textContent = sentence(error);
      this.#isRead = error.status === 404 || error.status === 409; // what else it was may pass
    }
  }

  #item({ image, label, picture }) {
    const name = className(this.#run, label);
    const [item, button, shown] = [element('li'), element('button'), element('img')];
    [shown.src, shown.alt] = [picture, `Test image ${number(image)}, a ${name}`];
    button.type = 'button';
    button.append(shown);
    button.addEventListener('click', () => {
      const bytes = Uint8Array.from(atob(picture.split(',')[1]), one => one.charCodeAt(0));
      this.#drawing.take(new File([bytes], `of test image ${number(image)}`, { type: 'image/png' }), { label, name });
    });
    item.append(button);
    return item;
  }
}
