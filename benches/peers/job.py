"""The job that all sides do: 86 people on one background, each with a name, a number, a date and a QR code."""
import csv
import json
import os
import pathlib
import resource
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FONTS = ROOT / "fonts"
SERIF, SANS = FONTS / "NotoSerifCJKsc-Black-Subset.otf", FONTS / "NotoSansCJKsc-Regular-Subset.otf"
# In pixels of the background, which is 2000 wide; the sizes are those of the type.
NAME = {"middle": (1000, 662), "size": 56, "color": "#ffffff"}
NUMBER = {"right": (1792, 200), "size": 30, "color": "#ecd69b"}
DATE = {"left": (535, 1133), "size": 36, "color": "#e6ecf7"}
CODE = {"at": (936, 1089), "side": 128}


def people():
    """Names of the example's roster, with numbers of one series."""
    with open(ROOT / "examples/cloudnative-2020/roster.csv", encoding="utf-8") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    return [
        {
            "name": name,
            "id": f"V2020{serial:04}",
            "date": "2021年2月1日",
            "url": f"https://cloudnative.to/certificate/2020/V2020{serial:04}",
        }
        for serial, name in enumerate(names, 1)
    ]


def run(draw):
    """Draws everybody with `draw(person, folder)` and reports what it took, as JSON."""
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    begun, sizes = (time.perf_counter(), time.process_time()), []
    for person in people():
        sizes.append(os.path.getsize(draw(person, folder)))
    wall, cpu = time.perf_counter() - begun[0], time.process_time() - begun[1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = len(sizes)
    print(json.dumps({"wall": wall / count, "cpu": cpu / count, "bytes": sum(sizes) / count, "peak": peak}))
