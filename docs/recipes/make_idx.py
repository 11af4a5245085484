"""Writes a data set as four IDX files, which `./ff train --data FOLDER` takes.

python3 make_idx.py pictures SOURCE FOLDER       SOURCE/train/CLASS/*.png and SOURCE/test/CLASS/*.png (or .jpg); wants Pillow
python3 make_idx.py csv TRAIN.csv TEST.csv FOLDER    a line for each picture: its class, then its grey values from 0 to 255
"""

import csv
import math
import os
import struct
import sys

SIDE = 28  # of a picture, in pixels; the label takes as many of the first pixels as there are classes


def write(folder, part, pictures, labels, height, width):
    """part: train or t10k; pictures: height * width grey values from 0 to 255 each; labels: classes from 0."""
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{part}-images-idx3-ubyte", "wb") as file:
        file.write(struct.pack(">IIII", 0x803, len(pictures), height, width))
        for picture in pictures:
            file.write(bytes(picture))
    with open(f"{folder}/{part}-labels-idx1-ubyte", "wb") as file:
        file.write(struct.pack(">II", 0x801, len(labels)) + bytes(labels))


def from_pictures(source, folder):
    from PIL import Image

    classes = sorted(os.listdir(f"{source}/train"))
    for part, name in [("train", "train"), ("t10k", "test")]:
        pictures, labels = [], []
        for label, kind in enumerate(classes):
            for file in sorted(os.listdir(f"{source}/{name}/{kind}")):
                picture = Image.open(f"{source}/{name}/{kind}/{file}").convert("L").resize((SIDE, SIDE))
                pictures.append(picture.tobytes())
                labels.append(label)
        write(folder, part, pictures, labels, SIDE, SIDE)
    print("classes:", ", ".join(f"{label} is {kind}" for label, kind in enumerate(classes)))


def from_csv(train, test, folder):
    for part, path in [("train", train), ("t10k", test)]:
        lines = [line for line in csv.reader(open(path)) if line and line[0].strip().isdigit()]  # not the headings
        pictures = [[int(value) for value in line[1:]] for line in lines]
        width = math.isqrt(len(pictures[0]))  # a square where it can be one, else one line of values
        height = width if width * width == len(pictures[0]) else 1
        write(folder, part, pictures, [int(line[0]) for line in lines], height, len(pictures[0]) // height)


if __name__ == "__main__":
    {"pictures": from_pictures, "csv": from_csv}[sys.argv[1]](*sys.argv[2:])
