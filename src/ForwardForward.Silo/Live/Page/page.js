// What every part of the page needs of the document and of the server.
export const byId = id => document.getElementById(id);

export function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** A part of an SVG. */
export function shape(name, attributes, text) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

export const percent = (share, digits = 1) => share == null ? '-' : `${(100 * share).toFixed(digits)} %`;
export const number = value => value == null ? '-' : Number(value).toLocaleString('en');

/** What the server has refused, in its own sentence. */
export class Refusal extends Error {
  constructor(status, sentence, isTold) {
    super(sentence);
    Object.assign(this, { status, isTold });
  }
}

/** The JSON of an answer; a Refusal where there is none. */
export async function told(path, options) {
  const answer = await fetch(path, { cache: 'no-store', ...options });
  if (answer.ok) return answer.status === 204 ? null : await answer.json().catch(() => null);
  const isProblem = (answer.headers.get('content-type') ?? '').includes('problem+json');
  const problem = isProblem ? await answer.json().catch(() => null) : null;
  throw new Refusal(answer.status, problem?.detail ?? `The silo answers ${answer.status}.`, problem !== null);
}

/** What is said of whatever went wrong; null where it only was given up. */
export function sentence(error) {
  if (error.name === 'AbortError') return null;
  return error instanceof Refusal ? error.message : 'Nobody answers: the silo, or the process that had the run, is not there now.';
}

const inQuery = value => encodeURIComponent(value);
export const runPath = (run, rest = '') => `api/runs/${inQuery(run)}${rest}`;
export const query = (path, values) => `${path}?${Object.entries(values).map(([name, value]) => `${name}=${inQuery(value)}`).join('&')}`;

export const className = (run, number) => run?.classNames?.[number] ?? `${number}`;
