"""Typst at its best: one compiler is kept warm. Usage: BACKGROUND FOLDER png|pdf"""
import json
import pathlib
import shutil
import sys
import tempfile

import qrcode
import typst
from PIL import Image

from job import CODE, DATE, FONTS, NAME, NUMBER, run

width, height = Image.open(sys.argv[1]).size
kind = sys.argv[3]
SOURCE = f"""
#let person = json(bytes(sys.inputs.person))
#set page(width: {width}pt, height: {height}pt, margin: 0pt, background: image("/background.png", width: {width}pt))
#let put(x, y, to, body) = place(top + left, dx: x * 1pt, dy: y * 1pt, box(width: 0pt, height: 0pt, place(to, body)))
#set text(font: "Noto Serif CJK SC", weight: "black")
#put({NAME["middle"][0]}, {NAME["middle"][1]}, center + horizon,
  text(size: {NAME["size"]}pt, fill: rgb("{NAME["color"]}"), person.name))
#put({NUMBER["right"][0]}, {NUMBER["right"][1]}, right + horizon,
  text(size: {NUMBER["size"]}pt, fill: rgb("{NUMBER["color"]}"), "NO. " + person.id))
#put({DATE["left"][0]}, {DATE["left"][1]}, left + horizon,
  text(size: {DATE["size"]}pt, fill: rgb("{DATE["color"]}"), font: "Noto Sans CJK SC", weight: "regular", person.date))
#place(top + left, dx: {CODE["at"][0]}pt, dy: {CODE["at"][1]}pt, image(bytes(person.code), width: {CODE["side"]}pt))
"""


def svg(url):
    code = qrcode.QRCode(border=3, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(url)
    code.make()
    rows = code.get_matrix()
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    side = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{dots}"/></svg>'
    )


with tempfile.TemporaryDirectory() as root:
    shutil.copy(sys.argv[1], root + "/background.png")
    source = pathlib.Path(root, "certificate.typ")
    source.write_text(SOURCE, encoding="utf-8")
    compiler = typst.Compiler(str(source), root=root, font_paths=[str(FONTS)], ignore_system_fonts=True)

    def draw(person, folder):
        path = folder / f"{person['id']}.{kind}"
        told = json.dumps({**person, "code": svg(person["url"])})
        compiler.compile(output=str(path), format=kind, ppi=72.0, sys_inputs={"person": told})
        return path

    run(draw)
