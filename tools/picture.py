#!/usr/bin/env python3
"""Takes one figure out of an HTML report as an SVG file of its own.

  tools/picture.py report/index.html "Critical current density against contact hold time" docs/pictures/ccd-against-hold.svg
"""

import argparse
import pathlib
import re
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("label", help="what the figure's aria-label begins with")
    parser.add_argument("picture", type=pathlib.Path)
    arguments = parser.parse_args()
    figures = re.findall(r"<svg [^>]*>.*?</svg>", arguments.report.read_text(), re.DOTALL)
    labels = [re.search(r'aria-label="([^"]*)"', figure).group(1) for figure in figures]
    for figure, label in zip(figures, labels):
        if label.startswith(arguments.label):
            head, body = figure.split(">", 1)
            head = head.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
            # A page has its own paper; a picture on a dark page would be black on black without one.
            body = '\n<rect width="100%" height="100%" fill="#ffffff"/>' + body
            arguments.picture.parent.mkdir(parents=True, exist_ok=True)
            arguments.picture.write_text(f"{head}>{body}\n")
            return 0
    print(f"no figure begins with that; {arguments.report} has:", *labels, sep="\n  ", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
