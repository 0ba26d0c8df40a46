"""Times accolade, Pillow and typst on the same job, and prints a table of medians and ratios.

Usage: compare.py target/release/accolade [ROUNDS [BACKGROUND]]
The background is that of `classic`, drawn by accolade, unless a PNG of 2000 x 1414 px is given.
Needs: pip install pillow qrcode typst; files go to memory where there is /dev/shm.
"""
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from job import CODE, DATE, NAME, NUMBER, ROOT, people

HERE = pathlib.Path(__file__).resolve().parent
ACCOLADE = str(pathlib.Path(sys.argv[1]).resolve())
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
# As many more people, so that what a process takes before the first certificate can be taken off.
MANY = 10


def box(line, at, align):
    """The box of a line, around the point that its middle, left or right end stands on."""
    (x, y), size = line[at], line["size"]
    width, height = 12 * size, size * 3 // 2
    left = {"left": x, "middle": x - width // 2, "right": x - width}[at]
    return f'box = [{left}, {y - height // 2}, {width}, {height}]\nalign = "{align}"\nvalign = "middle"'


TEMPLATE = f"""
background = "background.png"
[page]
paper = "A4 landscape"
width = 2000
pixels = 2000
[[text]]
field = "recipient"
value = "{{name}}"
{box(NAME, "middle", "center")}
fonts = ["Noto Serif CJK SC Black"]
size = {NAME["size"]}
color = "{NAME["color"]}"
[[text]]
field = "number"
value = "NO. {{id}}"
{box(NUMBER, "right", "right")}
fonts = ["Noto Serif CJK SC Black"]
size = {NUMBER["size"]}
color = "{NUMBER["color"]}"
[[text]]
field = "date"
value = "{{date:%Y年%-m月%-d日}}"
{box(DATE, "left", "left")}
fonts = ["Noto Sans CJK SC"]
size = {DATE["size"]}
color = "{DATE["color"]}"
[[qr]]
field = "verification"
value = "{{url}}"
box = [{CODE["at"][0]}, {CODE["at"][1]}, {CODE["side"]}, {CODE["side"]}]
quiet_zone = 3
"""
CONFIG = """
[issuer]
name = "云原生社区"
url = "https://cloudnative.to"
language = "zh-CN"
[category.volunteer]
title = "优秀志愿者"
prefix = "V"
digits = 6
template = "{template}"
"""


def issuer(folder, template, description, background, rosters):
    """An issuer's folder with one template."""
    place = folder / "templates" / template
    place.mkdir(parents=True)
    shutil.copy(background, place / f"background{background.suffix}")
    (place / "template.toml").write_text(description, encoding="utf-8")
    (folder / "accolade.toml").write_text(CONFIG.format(template=template), encoding="utf-8")
    for name, names in rosters.items():
        rows = [f"{person},{key}" for key, person in enumerate(names)]
        (folder / name).write_text("name,key\n" + "\n".join(rows) + "\n", encoding="utf-8")


def issue(folder, roster, kind):
    """Issues a roster anew; gives back seconds of wall and of CPU, and the mean size of a file."""
    shutil.rmtree(folder / "certificate", ignore_errors=True)
    (folder / "register.jsonl").unlink(missing_ok=True)
    command = [ACCOLADE, "-q", "-C", str(folder), "issue", roster, "--category", "volunteer",
               "--year", "2020", "--date", "2021-02-01", "--format", kind]
    before, begun = os.times(), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - begun, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    sizes = [file.stat().st_size for file in folder.glob(f"certificate/**/*.{kind}")]
    return {"wall": wall, "cpu": cpu, "bytes": statistics.mean(sizes)}


def peer(script, background, folder, *kind):
    """Runs a peer's script; gives back what it says of itself, and the wall time of all of it."""
    begun = time.perf_counter()
    command = [sys.executable, str(HERE / script), str(background), str(folder), *kind]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return {**told, "whole": time.perf_counter() - begun}


def median(runs, what):
    return statistics.median(run[what] for run in runs)


def main():
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=memory) as work:
        work = pathlib.Path(work)
        names = [person["name"] for person in people()]
        blank = TEMPLATE.split("[[text]]")[0].replace(".png", ".svg")
        issuer(work / "blank", "blank", blank, ROOT / "templates/classic/background.svg", {"one.csv": names[:1]})
        issue(work / "blank", "one.csv", "png")
        background = next((work / "blank").glob("certificate/**/*.png"))
        if len(sys.argv) > 3:
            background = pathlib.Path(sys.argv[3])
        folder = work / "issuer"
        issuer(folder, "peer", TEMPLATE, background, {"few.csv": names, "many.csv": names * MANY})
        runs = {}

        def add(side, run):
            runs.setdefault(side, []).append(run)

        for kind in ("png", "pdf"):
            issue(folder, "few.csv", kind)
        for _ in range(ROUNDS):
            for kind in ("png", "pdf"):
                few, many = issue(folder, "few.csv", kind), issue(folder, "many.csv", kind)
                more = len(names) * (MANY - 1)
                each = {what: (many[what] - few[what]) / more for what in ("wall", "cpu")}
                add(f"accolade {kind}", {**each, "bytes": few["bytes"], "whole": few["wall"]})
            add("pillow png", peer("pillow_peer.py", background, work / "pillow"))
            for kind in ("png", "pdf"):
                add(f"typst {kind}", peer("typst_peer.py", background, work / "typst", kind))
        print("| side | CPU a certificate | wall a certificate | whole process, 86 people | file |")
        print("|---|---|---|---|---|")
        for side, timed in sorted(runs.items()):
            print(f"| {side} | {median(timed, 'cpu') * 1e3:.2f} ms | {median(timed, 'wall') * 1e3:.2f} ms "
                  f"| {median(timed, 'whole') * 1e3:.0f} ms | {median(timed, 'bytes') / 1e3:.1f} KB |")
        print()
        for ours, theirs in (("accolade png", "pillow png"), ("accolade png", "typst png"),
                             ("accolade pdf", "typst pdf")):
            ratio = {what: median(runs[theirs], what) / median(runs[ours], what)
                     for what in ("cpu", "wall", "whole")}
            share = median(runs[ours], "bytes") / median(runs[theirs], "bytes")
            print(f"{ours} against {theirs}: {ratio['cpu']:.1f} times less CPU, {ratio['wall']:.1f} times less "
                  f"time, whole process {ratio['whole']:.1f} times, file {share:.2f} of theirs")


main()
