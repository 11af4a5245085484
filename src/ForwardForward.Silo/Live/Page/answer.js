// Shows what the network takes the drawing for: a bar for each class.
import { byId, className, element, number, percent } from './page.js';

const mostBars = 20; // of more classes the likeliest are shown
const bars = 10;

export class Answer {
  #run = null; #rows = []; #said = null;

  of(run) {
    this.#run = run;
    this.clear();
  }

  clear() {
    this.#said = null;
    this.#rows = [];
    byId('classes').replaceChildren();
    byId('verdict').textContent = '-';
    byId('said').textContent = '';
    byId('asked').textContent = 'Nothing is drawn yet.';
    byId('shown').hidden = true;
    byId('truth').textContent = '';
    const { dataset } = byId('answer');
    for (const name of Object.keys(dataset)) delete dataset[name];
  }

  show(answered, asked) {
    const { probabilities } = answered;
    const named = number => answered.className && number === answered.class ? answered.className : className(this.#run, number);
    this.#bars(probabilities, named);
    const share = percent(probabilities[answered.class]);
    byId('verdict').textContent = named(answered.class);
    const how = answered.live ? `as it is after slot ${number(answered.slot)}` : `from the checkpoint after slot ${number(answered.slot)}`;
    byId('asked').textContent = `${share} sure, ${how}; answered in ${Math.round(asked.milliseconds)} ms.`;
    if (answered.shown) {
      byId('shown').src = answered.shown;
      byId('shown').hidden = false;
    }
    const truth = asked.sample ? `It is a ${asked.sample.name}: ${asked.sample.label === answered.class ? 'right' : 'wrong'}.` : '';
    byId('truth').textContent = truth;
    if (asked.isNew || this.#said !== answered.class) { // twice a second would be too much to listen to
      byId('said').textContent = `${named(answered.class)}, ${share}. ${truth}`;
      this.#said = answered.class;
    }
    const { dataset } = byId('answer');
    [dataset.class, dataset.slot, dataset.strokes, dataset.live] = [answered.class, answered.slot, asked.strokes, answered.live];
    dataset.probability = probabilities[answered.class];
    if (asked.isNew) dataset.milliseconds = asked.milliseconds;
  }

  #bars(probabilities, named) {
    const numbers = [...probabilities.keys()];
    const shown = numbers.length <= mostBars ? numbers : numbers.sort((a, b) => probabilities[b] - probabilities[a]).slice(0, bars);
    if (this.#rows.length !== shown.length) this.#make(shown.length);
    const most = Math.max(...probabilities);
    byId('classes').classList.toggle('named', Boolean(this.#run?.classNames));
    shown.forEach((number, i) => {
      const { row, name, fill, share } = this.#rows[i];
      name.textContent = named(number);
      fill.style.transform = `scaleX(${probabilities[number]})`;
      share.textContent = percent(probabilities[number]);
      row.classList.toggle('first', probabilities[number] === most);
    });
  }

  #make(count) {
    this.#rows = Array.from({ length: count }, () => {
      const [row, name, track, fill, share] = [
        element('li'), element('span'), element('span', undefined, 'track'), element('span', undefined, 'fill'),
        element('span', undefined, 'share'),
      ];
      track.append(fill);
      row.append(name, track, share);
      return { row, name, fill, share };
    });
    byId('classes').replaceChildren(...this.#rows.map(({ row }) => row));
  }
}
