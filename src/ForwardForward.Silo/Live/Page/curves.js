// Lines over the slots of a run, as SVG.
import { byId, element, number, shape } from './page.js';

const [left, right, top, bottom] = [56, 470, 10, 178];
const most = 400; // points of a line
const colours = 8;

class Line {
  points = new Map(); // what is measured again after a loss is in the place of what was measured before

  constructor(name, colour, isDashed) {
    Object.assign(this, { name, isDashed, kind: `s${colour % colours}` });
  }

  add(slot, value) {
    if (value == null) return;
    this.points.set(slot, value);
    if (this.points.size > most) {
      this.points = new Map(this.sorted().filter((_, i, all) => i % 2 === 0 || i === all.length - 1));
    }
  }

  sorted() { return [...this.points].sort((a, b) => a[0] - b[0]); }
}

export class Curves {
  #id; #what; #isLogarithmic; #show; #lines = new Map(); #waits = false;

  /** @param show makes a text of a value. */
  constructor(id, what, isLogarithmic, show) {
    [this.#id, this.#what, this.#isLogarithmic, this.#show] = [id, what, isLogarithmic, show];
  }

  clear() {
    this.#lines.clear();
    this.#later();
  }

  add(name, colour, isDashed, slot, value) {
    if (!this.#lines.has(name)) this.#lines.set(name, new Line(name, colour, isDashed));
    this.#lines.get(name).add(slot, value);
    this.#later();
  }

  // Hundreds of points come at once when a run is looked at for the first time.
  #later() {
    if (this.#waits) return;
    this.#waits = true;
    requestAnimationFrame(() => {
      this.#waits = false;
      this.#draw();
    });
  }

  #draw() {
    const lines = [...this.#lines.values()].filter(line => line.points.size > 0).sort((a, b) => a.name.localeCompare(b.name));
    const values = lines.flatMap(line => [...line.points.values()]);
    const svg = byId(this.#id);
    const newest = line => line.sorted().at(-1)[1];
    svg.setAttribute('aria-label', lines.length === 0
      ? `${this.#what}: nothing is measured yet`
      : `${this.#what}, newest: ${lines.map(line => `${line.name} ${this.#show(newest(line))}`).join(', ')}`);
    svg.replaceChildren();
    byId(`${this.#id}-legend`).replaceChildren(...lines.filter(line => !line.isDashed).map(line => {
      const entry = element('span');
      entry.append(element('span', '\u25a0', line.kind), ` ${line.name} ${this.#show(newest(line))}`);
      return entry;
    }));
    const y = this.#scale(values);
    const last = Math.max(1, ...lines.map(line => line.sorted().at(-1)[0]));
    const x = slot => left + (right - left) * slot / last;
    svg.append(shape('path', { class: 'axis', d: `M${left} ${top}V${bottom}H${right}`, fill: 'none' }));
    for (const tick of y.ticks) {
      svg.append(
        shape('line', { class: 'axis', x1: left, x2: right, y1: y.of(tick), y2: y.of(tick) }),
        shape('text', { x: left - 5, y: y.of(tick) + 4, 'text-anchor': 'end' }, this.#show(tick)),
      );
    }
    if (lines.length > 0) svg.append(shape('text', { x: right, y: bottom + 15, 'text-anchor': 'end' }, `slot ${number(last)}`));
    for (const line of lines) {
      const points = line.sorted().map(([slot, value]) => `${x(slot).toFixed(1)},${y.of(value).toFixed(1)}`);
      if (points.length === 1) points.push(points[0]);
      svg.append(shape('polyline', {
        class: `line ${line.kind}${line.isDashed ? ' dashed' : ''}`, points: points.join(' '), 'stroke-linecap': 'round',
      }));
    }
  }

  #scale(values) {
    if (values.length === 0) return { ticks: [], of: () => bottom };
    const highest = Math.max(...values) || 1;
    if (!this.#isLogarithmic) {
      const step = nice(highest / 4);
      const end = Math.ceil(highest / step) * step;
      const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, i) => i * step);
      return { ticks, of: value => bottom - (bottom - top) * value / end };
    }
    const above = values.filter(value => value > 0);
    const smallest = above.length > 0 ? Math.min(...above) : highest; // nothing is wrong: as low as it gets
    const [low, high] = [Math.log(smallest / 1.3), Math.log(Math.min(1, highest * 1.1))];
    const of = value => bottom - (bottom - top) * (Math.max(Math.log(Math.max(value, 1e-9)), low) - low) / Math.max(high - low, 1e-9);
    const ends = [Math.exp(low), Math.exp(high)];
    const ticks = marks(...ends);
    return { ticks: ticks.length > 1 ? ticks : ends, of };
  }
}

function nice(step) {
  const power = 10 ** Math.floor(Math.log10(step));
  return [1, 2, 5, 10].find(factor => factor * power >= step) * power;
}

function marks(low, high) {
  const all = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
  return all.filter(mark => mark >= low && mark <= high);
}
