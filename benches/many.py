"""Issues to very many people, PNG and PDF with the register, and tells what a certificate takes.

Usage: many.py target/release/accolade [PEOPLE…]     10000 and 100000, unless others are named
Files go to memory where there is /dev/shm: 100,000 people want 6 GB there.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

TEMPLATE = """
background = "frame.svg"
[page]
paper = "A4 landscape"
width = 1000
pixels = 2000
[[text]]
field = "recipient"
value = "{name}"
box = [100, 250, 800, 100]
fonts = ["Noto Serif CJK SC Black"]
size = 32
align = "center"
valign = "middle"
[[text]]
field = "number"
value = "No. {id}"
box = [100, 400, 800, 40]
fonts = ["Noto Sans CJK SC"]
size = 24
align = "center"
[[qr]]
field = "verification"
value = "{url}"
box = [440, 500, 120, 120]
"""
FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 707">
<rect width="1000" height="707" fill="#fff"/>
<rect x="30" y="30" width="940" height="647" fill="none" stroke="#246" stroke-width="6"/>
</svg>
"""
CONFIG = """
[issuer]
name = "Example"
url = "https://example.org"
language = "en"
[category.volunteer]
title = "Volunteer"
prefix = "V"
digits = 6
template = "frame"
"""


def issue(folder, people):
    """Seconds of CPU, the most memory in MiB, and the bytes written, of one run; a process of its own."""
    place = folder / "templates" / "frame"
    place.mkdir(parents=True)
    (place / "frame.svg").write_text(FRAME, encoding="utf-8")
    (place / "template.toml").write_text(TEMPLATE, encoding="utf-8")
    (folder / "accolade.toml").write_text(CONFIG, encoding="utf-8")
    rows = [f"志愿者{number},{number}" for number in range(people)]
    (folder / "roster.csv").write_text("name,key\n" + "\n".join(rows) + "\n", encoding="utf-8")
    command = [sys.argv[1], "-q", "-C", str(folder), "issue", "roster.csv", "--category", "volunteer",
               "--year", "2026", "--date", "2026-12-31"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(running.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed")
    written = sum(file.stat().st_size for file in folder.glob("certificate/**/*.p*"))
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, written


def main():
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    print("| people | CPU a certificate | most memory | files |\n|---|---|---|---|")
    for people in [int(count) for count in sys.argv[2:]] or [10_000, 100_000]:
        with tempfile.TemporaryDirectory(dir=memory) as folder:
            cpu, peak, written = issue(pathlib.Path(folder), people)
        print(f"| {people:,} | {cpu / people * 1000:.2f} ms | {peak:.0f} MiB | {written / 1e9:.2f} GB |", flush=True)


main()
