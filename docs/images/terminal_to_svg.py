"""Draws what a program wrote to a terminal of 80 x 24 as an animated SVG: a few moments of the run, then what it ended with."""

import codecs
import html
import re
import sys

COLUMNS, ROWS, FRAMES, SECONDS = 80, 24, 12, 1.0
COLORS = {32: "#3fb950", 33: "#d29922", 34: "#58a6ff", 31: "#f85149", 90: "#8b949e"}
COLORS_OF_256 = {2: COLORS[32], 3: COLORS[33], 4: COLORS[34], 1: COLORS[31], 8: COLORS[90], 10: COLORS[32], 11: COLORS[33], 12: COLORS[34]}
GREY, PLAIN = "#8b949e", "#e6edf3"


class Terminal:
    """As much of one as the console uses: colours, moves of the cursor, erased lines; what scrolls out is gone."""

    def __init__(self):
        self.row = self.column = 0
        self.style = (PLAIN, False)
        self.cells = [self.blank() for _ in range(ROWS)]

    @staticmethod
    def blank():
        return [(" ", (PLAIN, False))] * COLUMNS

    def write(self, text):
        for control, sequence, other in re.findall(r"(\x1b\[[?0-9;]*[A-Za-z])|(\x1b[^\[].?)|([^\x1b])", text, re.S):
            if control:
                self.control(control[2:-1], control[-1])
            elif other == "\n":
                self.feed()
            elif other == "\r":
                self.column = 0
            elif other >= " ":
                if self.column == COLUMNS:
                    self.feed()
                    self.column = 0
                self.cells[self.row][self.column] = (other, self.style)
                self.column += 1

    def feed(self):
        if self.row == ROWS - 1:
            self.cells = self.cells[1:] + [self.blank()]
        else:
            self.row += 1

    def control(self, arguments, letter):
        numbers = [int(n) if n.isdigit() else 0 for n in arguments.split(";")]
        count = max(1, numbers[0])
        if letter == "A":
            self.row = max(0, self.row - count)
        elif letter == "B":
            self.row = min(ROWS - 1, self.row + count)
        elif letter == "C":
            self.column = min(COLUMNS - 1, self.column + count)
        elif letter == "D":
            self.column = max(0, self.column - count)
        elif letter == "G":
            self.column = count - 1
        elif letter == "H":
            self.row, self.column = count - 1, max(1, numbers[-1] if len(numbers) > 1 else 1) - 1
        elif letter == "K":
            first, last = (0, COLUMNS) if numbers[0] == 2 else (0, self.column + 1) if numbers[0] == 1 else (self.column, COLUMNS)
            self.cells[self.row][first:last] = self.blank()[first:last]
        elif letter == "J":
            self.control("", "K")
            for row in range(self.row + 1, ROWS):
                self.cells[row] = self.blank()
        elif letter == "m":
            self.color(numbers)

    def color(self, numbers):
        while numbers:
            number = numbers.pop(0)
            color, bold = self.style
            if number == 0:
                self.style = (PLAIN, False)
            elif number == 1:
                self.style = (color, True)
            elif number in COLORS:
                self.style = (COLORS[number], bold)
            elif number == 39:
                self.style = (PLAIN, bold)
            elif number == 38 and numbers[:1] == [5]:
                self.style = (COLORS_OF_256.get(numbers[1], GREY), bold)
                numbers = numbers[2:]
            elif number == 38 and numbers[:1] == [2]:
                self.style = ("#%02x%02x%02x" % tuple(numbers[1:4]), bold)
                numbers = numbers[4:]

    def spans(self):
        """Rows of (first column, text, style); blank ends are left out."""
        for cells in self.cells:
            spans, text = [], "".join(c for c, _ in cells).rstrip()
            for column, (char, style) in enumerate(cells[: len(text)]):
                if spans and spans[-1][2] == style:
                    spans[-1] = (spans[-1][0], spans[-1][1] + char, style)
                else:
                    spans.append((column, char, style))
            yield [span for span in spans if span[1].strip()]


def chunks(output, times):
    """(seconds since the start, what was written then)"""
    lines = output.split(b"\n", 1)  # the first one is of `script`
    data, position, now = lines[1], 0, 0.0
    for line in times:
        seconds, count = line.split()[-2:]
        now += float(seconds)
        yield now, data[position : position + int(count)]
        position += int(count)


def frame(rows, command, index, shown):
    lines = [[(0, "$ " + command, (GREY, False))], *rows]
    text = "".join(
        f'<text y="{34 + 18 * y}" xml:space="preserve">'
        + "".join(
            f'<tspan x="{16 + 8.4 * x:.1f}" textLength="{8.4 * len(t):.1f}" fill="{color}"{" font-weight=" + chr(34) + "bold" + chr(34) if bold else ""}>'
            f"{html.escape(t)}</tspan>"
            for x, t, (color, bold) in row
        )
        + "</text>"
        for y, row in enumerate(lines)
        if row
    )
    return f'<g id="f{index}" class="f"{"" if shown else " opacity=" + chr(34) + "0" + chr(34)}>{text}</g>'


def main(output, times, command, folder):
    terminal, written, decoder = Terminal(), [], codecs.getincrementaldecoder("utf-8")("replace")
    for now, data in chunks(open(output, "rb").read(), open(times)):
        terminal.write(decoder.decode(data).replace(folder, "~/ForwardForward.Orleans"))
        written.append((now, list(terminal.spans())))

    live = [(now, rows) for now, rows in written if any("epoch" in t for row in rows for _, t, _ in row)]
    start, end = live[0][0], live[-1][0]
    moments = [start + (end - start) * i / (FRAMES - 1) for i in range(FRAMES - 1)]
    frames = [min(live, key=lambda w, m=m: abs(w[0] - m))[1] for m in moments] + [written[-1][1]]
    height = 40 + 18 * max(1 + max((y for y, row in enumerate(rows) if row), default=0) for rows in frames) + 16
    total = FRAMES * SECONDS + 4
    keys = "".join(
        f"@keyframes k{i}{{{pulse(i * SECONDS / total, 1 if i == FRAMES - 1 else (i + 1) * SECONDS / total)}}}"
        f"#f{i}{{animation:k{i} {total}s step-end infinite}}"
        for i in range(FRAMES)
    )
    print(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 704 {height}" font-family="ui-monospace,DejaVu Sans Mono,Menlo,Consolas,monospace" '
        f'font-size="14"><title>A run of supervised-quick as its terminal shows it</title><style>{keys}</style>'
        f'<rect width="704" height="{height}" rx="8" fill="#0d1117"/>'
    )
    for i, rows in enumerate(frames):
        print(frame(rows, command, i, i == FRAMES - 1))
    print("</svg>")


def pulse(first, last):
    before = "0%{opacity:0}" if first > 0 else ""
    after = f"{100 * last:.2f}%,100%{{opacity:0}}" if last < 1 else "100%{opacity:1}"
    return f"{before}{100 * first:.2f}%{{opacity:1}}{after}"


if __name__ == "__main__":
    main(*sys.argv[1:])
