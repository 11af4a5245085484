"""Digits in another hand: a stream whose pictures are turned by a quarter from the middle on, and what to test on.

python3 drift.py stream MNIST [mixed] > stream.jsonl   60,000 digits as they are, then 60,000 turned (mixed: every second one turned)
python3 drift.py data MNIST FOLDER                     FOLDER/upright and FOLDER/turned, for --data

MNIST is the folder with the four IDX files (`./ff data` prints where it is).
"""

import base64
import os
import random
import struct
import sys

SIDE = 28  # of a picture, in pixels


def images(folder, part):
    with open(f"{folder}/{part}-images-idx3-ubyte", "rb") as file:
        count = struct.unpack(">IIII", file.read(16))[1]
        return [file.read(SIDE * SIDE) for _ in range(count)]


def labels(folder, part):
    with open(f"{folder}/{part}-labels-idx1-ubyte", "rb") as file:
        return file.read()[8:]


def turned(picture):
    """By a quarter, clockwise."""
    return bytes(picture[(SIDE - 1 - x) * SIDE + y] for y in range(SIDE) for x in range(SIDE))


def stream(mnist, how=""):
    pictures, shows = images(mnist, "train"), labels(mnist, "train")
    for half in range(2):
        order = list(range(len(pictures)))
        random.Random(half).shuffle(order)
        for place, number in enumerate(order):
            turns = half == 1 and (how != "mixed" or place % 2 == 1)
            picture = turned(pictures[number]) if turns else pictures[number]
            sys.stdout.write(f'{{"label":{shows[number]},"pixels":"{base64.b64encode(picture).decode()}"}}\n')


def data(mnist, folder):
    for name, change in [("upright", bytes), ("turned", turned)]:
        os.makedirs(f"{folder}/{name}", exist_ok=True)
        for part in ["train", "t10k"]:
            pictures, shows = images(mnist, part), labels(mnist, part)
            with open(f"{folder}/{name}/{part}-images-idx3-ubyte", "wb") as file:
                file.write(struct.pack(">IIII", 0x803, len(pictures), SIDE, SIDE) + b"".join(map(change, pictures)))
            with open(f"{folder}/{name}/{part}-labels-idx1-ubyte", "wb") as file:
                file.write(struct.pack(">II", 0x801, len(shows)) + shows)


if __name__ == "__main__":
    {"stream": stream, "data": data}[sys.argv[1]](*sys.argv[2:])
