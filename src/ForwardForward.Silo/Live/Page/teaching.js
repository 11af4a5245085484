// "This is a 7": shows the network an example, and takes it back. The row is there where the silo can be taught.
import { byId, className, element, number, query, sentence, told } from './page.js';

const tries = 4;
const refresh = 5000; // milliseconds

// crypto.randomUUID is missing on pages that are not encrypted.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  [bytes[6], bytes[8]] = [bytes[6] & 0x0f | 0x40, bytes[8] & 0x3f | 0x80];
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

// The same lesson twice is one lesson, so what may have been lost is sent again.
async function patiently(send) {
  for (let i = 1; ; i++) {
    try {
      return await send();
    } catch (error) {
      if (i === tries || (error.status && error.status !== 429 && error.status !== 503)) throw error;
      await pause(300 * 2 ** i);
    }
  }
}

export class Teaching {
  #drawing; #run = null; #classes = 0; #shown = '';

  constructor(drawing) {
    this.#drawing = drawing;
    for (const name of ['stroke', 'cleared']) drawing.addEventListener(name, () => this.#enable());
    setInterval(() => document.hidden || byId('teach').hidden || this.#list(), refresh);
  }

  async about(run) {
    [this.#run, this.#classes, this.#shown] = [run, 0, ''];
    byId('teach').hidden = true;
    byId('taught').textContent = '';
    byId('lessons').replaceChildren();
    if (run) await this.#list();
  }

  /** What the run's classes are. */
  know(status) {
    if (!this.#run || status.run !== this.#run || !status.classes || status.classes === this.#classes) return;
    this.#classes = status.classes;
    byId('labels').replaceChildren(...Array.from({ length: status.classes }, (_, label) => {
      const button = element('button', className(status, label));
      button.type = 'button';
      button.addEventListener('click', () => this.#teach(label, button.textContent));
      return button;
    }));
    this.#enable();
  }

  #enable() {
    for (const button of byId('labels').children) button.disabled = this.#drawing.isEmpty;
  }

  async #teach(label, name) {
    const [run, id, body] = [this.#run, newId(), await this.#drawing.picture()];
    byId('taught').textContent = `Teaching that this is a ${name} ...`;
    try {
      const lesson = await patiently(() => told(query('teach', { run, label, id }), {
        method: 'POST', body, headers: { 'content-type': body.type },
      }));
      this.#say(run, `Taught that this is a ${name}: it is learned with batch ${number(lesson.batch)}.`);
    } catch (error) {
      this.#say(run, sentence(error));
    }
    await this.#list();
  }

  async #takeBack(lesson, name) {
    const run = this.#run;
    try {
      await patiently(() => told(query(`lessons/${encodeURIComponent(lesson.id)}`, { run }), { method: 'DELETE' }));
      this.#say(run, `Took back that this is a ${name}.`);
    } catch (error) {
      this.#say(run, sentence(error));
    }
    await this.#list();
  }

  #say(run, text) {
    if (run === this.#run) byId('taught').textContent = text;
  }

  async #list() {
    const run = this.#run;
    try {
      const { lessons } = await told(query('lessons', { run }));
      if (run !== this.#run) return;
      byId('teach').hidden = false;
      this.#show(lessons);
    } catch (error) {
      if (run === this.#run && error.status === 404 && !error.isTold) byId('teach').hidden = true;
    }
  }

  // The newest first; left as it is where nothing is new, so that nobody loses the button that has the focus.
  #show(lessons) {
    const text = JSON.stringify(lessons.map(({ id, takenBack }) => [id, takenBack]));
    if (text === this.#shown) return;
    this.#shown = text;
    byId('lessons').replaceChildren(...[...lessons].reverse().map(lesson => {
      const name = byId('labels').children[lesson.label]?.textContent ?? `${lesson.label}`;
      const [item, picture] = [element('li'), element('img')];
      [picture.src, picture.alt] = [lesson.picture, `What was taught as ${name}`];
      const isGone = lesson.takenBack != null;
      const when = new Date(lesson.at).toLocaleTimeString();
      const who = lesson.who ? ` by ${lesson.who}` : '';
      item.append(picture, element('span', `${name}, at ${when}${who}, batch ${number(lesson.batch)}${isGone ? '; taken back' : ''}`));
      item.classList.toggle('gone', isGone);
      if (!isGone) {
        const button = element('button', 'Take back');
        button.type = 'button';
        button.setAttribute('aria-label', `Take back ${name}, taught at ${when}`);
        button.addEventListener('click', () => this.#takeBack(lesson, name));
        item.append(button);
      }
      return item;
    }));
  }
}
