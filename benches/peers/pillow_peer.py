"""Pillow at its best: background and fonts are kept from one person to the next. Usage: BACKGROUND FOLDER"""
import sys

import qrcode
from PIL import Image, ImageDraw, ImageFont

from job import CODE, DATE, NAME, NUMBER, SANS, SERIF, run

background = Image.open(sys.argv[1]).convert("RGB")
name_font = ImageFont.truetype(str(SERIF), NAME["size"])
number_font = ImageFont.truetype(str(SERIF), NUMBER["size"])
date_font = ImageFont.truetype(str(SANS), DATE["size"])


def draw(person, folder):
    image = background.copy()
    pen = ImageDraw.Draw(image)
    pen.text(NAME["middle"], person["name"], font=name_font, fill=NAME["color"], anchor="mm")
    pen.text(NUMBER["right"], "NO. " + person["id"], font=number_font, fill=NUMBER["color"], anchor="rm")
    pen.text(DATE["left"], person["date"], font=date_font, fill=DATE["color"], anchor="lm")
    code = qrcode.QRCode(border=3, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(person["url"])
    code.make()
    side = (CODE["side"], CODE["side"])
    image.paste(code.make_image().convert("RGB").resize(side, Image.NEAREST), CODE["at"])
    path = folder / f"{person['id']}.png"
    image.save(path)
    return path


run(draw)
