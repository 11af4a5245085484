// Puts the parts of the page together.
import { Answer } from './answer.js';
import { Asking } from './asking.js';
import { Curves } from './curves.js';
import { Drawing } from './drawing.js';
import { Findings } from './findings.js';
import { Following, isOver } from './following.js';
import { byId, element, number, percent, sentence, told } from './page.js';
import { Samples } from './samples.js';
import { Teaching } from './teaching.js';

const refresh = 3000; // milliseconds
const drawing = new Drawing(byId('canvas'));
const answer = new Answer();
const errors = new Curves('errors', 'Test error', true, error => percent(error, 2));
const goodness = new Curves('goodness', 'Goodness per unit', false, value => value.toFixed(2));
const troubles = { list: null, follow: null, ask: null };
const findings = new Findings(areWanted => areWanted && asking.now(performance.now()));
const asking = new Asking(drawing, answered, text => trouble('ask', text), () => findings.areWanted);
const samples = new Samples(drawing);
const teaching = new Teaching(drawing);
const following = new Following({ status, layer, evaluation, stream }, text => trouble('follow', text));
let run = null;
let known = null; // its newest status
const measured = new Map(); // the newest of each layer

function trouble(where, text) {
  troubles[where] = text;
  const said = troubles.ask ?? troubles.follow ?? troubles.list;
  if (byId('trouble').textContent !== (said ?? '')) byId('trouble').textContent = said ?? '';
  byId('trouble').hidden = said === null;
}

function answered(said, asked) {
  answer.show(said, asked);
  findings.show(said, asked);
}

function status(now) {
  const isFirst = known === null;
  known = now;
  if (isFirst || now.picture) drawing.fit(now.picture);
  if (isFirst) {
    answer.of(now);
    findings.of(now);
  }
  if (now.picture && now.classes) samples.about(now);
  asking.trains = now.state === 'running';
  teaching.know(now);
  byId('bar').max = now.slots || 1;
  byId('bar').value = now.slot;
  const parts = [
    now.state, `epoch ${number(now.epoch)} of ${number(now.epochs)}`, `slot ${number(now.slot)} of ${number(now.slots)}`,
    `${number(Math.round(now.seconds))} s`,
  ];
  if (now.recoveries > 0) parts.push(`recoveries: ${number(now.recoveries)}`);
  byId('state').textContent = parts.join(' \u00b7 ') + (now.error ? `. ${now.error}` : '');
  places();
}

function places() {
  const rows = known.plan.map(({ layer, silo }) => {
    const row = element('tr');
    const head = element('th', `${layer}`);
    head.scope = 'row';
    const now = measured.get(layer);
    const numbers = [now?.goodnessPositive, now?.goodnessNegative, now?.loss].map(value => value == null ? '-' : value.toFixed(2));
    row.append(head, element('td', silo), ...numbers.map(text => element('td', text)));
    return row;
  });
  byId('layers').replaceChildren(...rows);
}

function layer(now) {
  measured.set(now.layer, now);
  goodness.add(`layer ${now.layer}`, now.layer - 1, false, now.slot, now.goodnessPositive);
  goodness.add(`layer ${now.layer}, wrong labels`, now.layer - 1, true, now.slot, now.goodnessNegative);
}

function evaluation(now) {
  errors.add('fast test', 0, false, now.slot, now.testErrorFast);
  errors.add('goodness test', 1, false, now.slot, now.testErrorGoodness);
}

function stream(now) {
  errors.add('before learning', 2, false, now.slot, now.prequentialError);
}

function choose(name) {
  if (name === run) return;
  [run, known] = [name, null];
  measured.clear();
  byId('layers').replaceChildren();
  byId('state').textContent = '-';
  errors.clear();
  goodness.clear();
  answer.of(null);
  findings.of(null);
  samples.about(null);
  trouble('ask', null);
  trouble('follow', null);
  byId('run').value = name ?? '';
  document.title = name ? `${name}: live` : 'Live';
  if (name) history.replaceState(null, '', `?run=${encodeURIComponent(name)}`);
  following.of(name);
  asking.about(name);
  teaching.about(name);
}

async function list() {
  try {
    const runs = await told('api/runs');
    const trains = ({ state }) => state === 'running' || state === 'recovering';
    const sorted = [...runs.filter(trains), ...runs.filter(one => !trains(one))];
    const options = sorted.map(one => new Option(`${one.run} (${one.state})`, one.run));
    const old = [...byId('run').options].map(({ text }) => text).join();
    if (old !== options.map(({ text }) => text).join()) byId('run').replaceChildren(...options);
    const wished = run ?? new URLSearchParams(location.search).get('run');
    choose(sorted.find(one => one.run === wished)?.run ?? sorted[0]?.run ?? null);
    if (run) byId('run').value = run;
    if (following.hasEnded && sorted.some(one => one.run === run && !isOver(one))) following.of(run);
    trouble('list', sorted.length > 0 ? null : 'There is no run yet: ff train starts one.');
  } catch (error) {
    trouble('list', sentence(error));
  }
  setTimeout(list, refresh);
}

const isField = target => target instanceof Element && target.closest('button, select, input, a, summary') !== null;

addEventListener('keydown', event => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === 'Enter' && !isField(event.target)) asking.now(event.timeStamp);
  else if ((event.key === 'Escape' || event.key === 'Delete') && !event.target.closest?.('select')) drawing.clear();
  else return;
  event.preventDefault();
});
drawing.addEventListener('cleared', () => {
  answer.clear();
  findings.clear();
});
drawing.addEventListener('refused', event => trouble('ask', event.detail));
byId('ask').addEventListener('click', event => asking.now(event.timeStamp));
byId('clear').addEventListener('click', () => drawing.clear());
byId('paper').addEventListener('change', event => { drawing.paper = event.target.checked; });
byId('file').addEventListener('change', async event => {
  await drawing.take(event.target.files[0]);
  event.target.value = '';
});
byId('run').addEventListener('change', event => choose(event.target.value));
list();
