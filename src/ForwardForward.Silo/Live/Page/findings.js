// What each layer finds by its own goodness: a bar for each label, and a line for the picture without one.
import { byId, className, element, percent, shape } from './page.js';

const [width, height, foot] = [240, 60, 14];
const least = 2; // of a bar
const mostNames = 20; // of more classes none is named below its bar, and the best are read out

export class Findings {
  #run = null; #layers = [];

  /** @param changed is called when people want to see it, or no longer. */
  constructor(changed) {
    byId('finding').addEventListener('toggle', () => changed(this.areWanted));
  }

  /** Asking layers costs a row for every label more, so they are asked where somebody looks. */
  get areWanted() { return byId('finding').open; }

  of(run) {
    this.#run = run;
    this.clear();
  }

  clear() {
    this.#layers = [];
    byId('findings').replaceChildren();
    byId('findings').removeAttribute('data-slot');
    byId('found').textContent = 'Nothing is drawn yet.';
  }

  show(answered, asked) {
    if (!asked.layers) return;
    const { layers } = answered;
    if (!layers) {
      this.clear();
      byId('found').textContent = 'Layers of this run tell no class by goodness alone, or its silos are of an earlier version.';
      return;
    }
    if (this.#layers.length !== layers.length || this.#layers[0].bars.length !== layers[0].goodness.length) this.#make(layers);
    layers.forEach((layer, i) => this.#draw(layer, this.#layers[i]));
    const haveLabels = layers[0].neutral != null;
    [byId('by-labels').hidden, byId('by-channels').hidden] = [!haveLabels, haveLabels];
    byId('findings').dataset.slot = answered.slot;
    const said = `${className(this.#run, answered.class)}, ${percent(answered.probabilities[answered.class])} sure`;
    byId('found').textContent = answered.test !== 'fast' ? `The readout and goodness together say ${said}.`
      : haveLabels ? `The neutral pass, which the readout reads, says ${said}.`
      : `The readout says ${said}.`;
  }

  #draw({ layer, class: best, goodness, neutral }, { svg, bars, line, says }) {
    const all = neutral == null ? goodness : [...goodness, neutral];
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const of = value => least + (height - least) * (high > low ? (value - low) / (high - low) : 0);
    goodness.forEach((value, label) => {
      const { bar, title } = bars[label];
      bar.setAttribute('y', (height - of(value)).toFixed(2));
      bar.setAttribute('height', of(value).toFixed(2));
      bar.classList.toggle('first', label === best);
      title.textContent = `${className(this.#run, label)}: ${value.toFixed(2)}`;
    });
    if (line) {
      for (const end of ['y1', 'y2']) line.setAttribute(end, (height - of(neutral)).toFixed(2));
    }
    const name = className(this.#run, best);
    const labels = [...goodness.keys()];
    const told = labels.length <= mostNames ? labels : labels.sort((a, b) => goodness[b] - goodness[a]).slice(0, mostNames);
    const values = told.map(label => `${className(this.#run, label)} ${goodness[label].toFixed(2)}`);
    const without = neutral == null ? '' : `; with the neutral label ${neutral.toFixed(2)}`;
    svg.setAttribute('aria-label', `Layer ${layer} finds ${name}. Goodness: ${values.join(', ')}${without}`);
    says.textContent = name;
  }

  #make(layers) {
    this.#layers = layers.map(({ layer, goodness, neutral }) => {
      const svg = shape('svg', { viewBox: `0 0 ${width} ${height + foot}`, role: 'img' });
      const step = width / goodness.length;
      const bars = goodness.map((_, label) => {
        const bar = shape('rect', { class: 'bar', x: (label + .1) * step, width: .8 * step });
        const title = shape('title', {});
        bar.append(title);
        svg.append(bar);
        if (goodness.length <= mostNames) {
          const name = className(this.#run, label).slice(0, Math.max(1, Math.floor(step / 7)));
          svg.append(shape('text', { x: (label + .5) * step, y: height + foot - 3, 'text-anchor': 'middle' }, name));
        }
        return { bar, title };
      });
      const line = neutral == null ? null : shape('line', { class: 'line dashed s7', x1: 0, x2: width });
      if (line) svg.append(line);
      const [item, head, says] = [element('li'), element('p', `Layer ${layer}: `), element('strong')];
      head.append(says);
      item.append(head, svg);
      return { svg, bars, line, says, item };
    });
    byId('findings').replaceChildren(...this.#layers.map(({ item }) => item));
  }
}
