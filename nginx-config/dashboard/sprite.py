"""Writes one SVG of the icons that a list names: sprite.py ARCHIVE LIST"""

import re
import sys
import zipfile

archive, names = sys.argv[1:]
with open(names) as file:
    wanted = file.read().split()
print('<svg xmlns="http://www.w3.org/2000/svg">')
with zipfile.ZipFile(archive) as icons:
    inside = {name.rsplit("/", 1)[-1]: name for name in icons.namelist()}
    for name in wanted:
        text = icons.read(inside[name + ".svg"]).decode()
        shapes = re.search(r"<svg[^>]*>(.*)</svg>", text, re.S).group(1)
        shapes = re.sub(r"\s+", " ", shapes).replace(" <", "<").replace(" />", "/>").strip()
        print(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
print("</svg>")
