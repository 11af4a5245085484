// The canvas: strokes by mouse, pen and finger, and pictures that are dropped, pasted or chosen.
const side = 280;
const mostBytes = 8 << 20; // of what a silo takes

export class Drawing extends EventTarget {
  #canvas; #context; #isPaper = false; #pointer = null; #last = null; #isEmpty = true; #file = null; #blob = null; #sample = null; #stroke = 22;

  constructor(canvas) {
    super();
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
    canvas.addEventListener('pointerdown', event => this.#begin(event));
    canvas.addEventListener('pointermove', event => this.#move(event));
    for (const name of ['pointerup', 'pointercancel']) canvas.addEventListener(name, event => this.#end(event));
    this.#takePictures();
    this.clear();
  }

  get isEmpty() { return this.#isEmpty; }

  /** What a picture of the run's own shows, as long as nobody has drawn on it; null where it is another. */
  get sample() { return this.#sample; }

  /** As the pictures of a run are: a stroke is about two of their pixels wide. */
  fit(picture) {
    const { height, width } = picture ?? { height: 28, width: 28 };
    const longest = Math.max(height, width);
    this.#stroke = Math.min(40, Math.max(14, 2.1 * side / longest));
    const [wide, high] = [Math.round(side * width / longest), Math.round(side * height / longest)];
    if (wide === this.#canvas.width && high === this.#canvas.height) return;
    Object.assign(this.#canvas, { width: wide, height: high });
    this.clear();
  }

  set paper(isPaper) {
    this.#isPaper = isPaper;
    this.clear();
  }

  clear() {
    this.#context.fillStyle = this.#isPaper ? 'white' : 'black';
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#pointer = null;
    this.#change(true, null, 'empty');
    this.dispatchEvent(new Event('cleared'));
  }

  /** What is asked about: a picture as it came, as long as nobody has drawn on it, else a PNG of the canvas. */
  picture() {
    return this.#blob ??= this.#file
      ? Promise.resolve(this.#file)
      : new Promise(resolve => this.#canvas.toBlob(resolve, 'image/png'));
  }

  #change(isEmpty, file, what, sample = null) {
    [this.#isEmpty, this.#file, this.#blob, this.#sample] = [isEmpty, file, null, sample];
    this.#canvas.setAttribute('aria-label', `Drawing: ${what}`);
  }

  #begin(event) {
    if (this.#pointer !== null || event.button !== 0) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#canvas.focus({ preventScroll: true });
    this.#pointer = event.pointerId;
    this.#last = this.#place(event);
    this.#lineTo(this.#last);
    event.preventDefault();
  }

  #move(event) {
    if (event.pointerId !== this.#pointer) return;
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length > 0 ? all : [event]) this.#lineTo(this.#place(one));
  }

  #end(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    this.dispatchEvent(new CustomEvent('stroke', { detail: { since: event.timeStamp } }));
  }

  #place(event) {
    const box = this.#canvas.getBoundingClientRect();
    const border = this.#canvas.clientLeft;
    return {
      x: (event.clientX - box.left - border) * this.#canvas.width / this.#canvas.clientWidth,
      y: (event.clientY - box.top - border) * this.#canvas.height / this.#canvas.clientHeight,
    };
  }

  #lineTo(place) {
    const context = this.#context;
    const strokeStyle = this.#isPaper ? 'black' : 'white';
    Object.assign(context, { lineWidth: this.#stroke, lineCap: 'round', lineJoin: 'round', strokeStyle });
    context.beginPath();
    context.moveTo(this.#last.x, this.#last.y);
    context.lineTo(place.x, place.y);
    context.stroke();
    this.#last = place;
    this.#change(false, null, 'strokes');
  }

  #takePictures() {
    addEventListener('dragover', event => {
      event.preventDefault();
      this.#canvas.classList.add('over');
    });
    addEventListener('dragleave', () => this.#canvas.classList.remove('over'));
    addEventListener('drop', event => {
      event.preventDefault();
      this.#canvas.classList.remove('over');
      this.take(event.dataTransfer.files[0]);
    });
    addEventListener('paste', event => this.take(event.clipboardData.files[0]));
  }

  /** @param sample what it shows, where it is a picture of the run's own. */
  async take(file, sample = null) {
    if (!file) return;
    const since = performance.now();
    let picture;
    try {
      picture = await createImageBitmap(file);
    } catch {
      this.dispatchEvent(new CustomEvent('refused', { detail: `${file.name} is no picture, expected a PNG or a JPEG.` }));
      return;
    }
    this.clear();
    const { width, height } = this.#canvas;
    const scale = Math.min(width / picture.width, height / picture.height);
    const [wide, high] = [picture.width * scale, picture.height * scale];
    this.#context.drawImage(picture, (width - wide) / 2, (height - high) / 2, wide, high);
    picture.close();
    const isAsked = ['image/png', 'image/jpeg'].includes(file.type) && file.size <= mostBytes;
    this.#change(false, isAsked ? file : null, `the picture ${file.name}`, sample);
    this.dispatchEvent(new CustomEvent('stroke', { detail: { since } }));
  }
}
