"""Looks for dead links in the pages of the repository: files that are not there, and headings that no page has.

    python3 daemonproxy/doc/check/links.py [BOOK]

BOOK is the folder of a book that was made of the guides, whose pages are looked at as well.
The guides in daemonproxy/doc are also a book, which has nothing of the repository but them: they link to each other
only, and each of them is in SUMMARY.md.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BOOK = ROOT / "daemonproxy/doc"
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)


def main(arguments):
    listed = ["git", "ls-files", "-co", "--exclude-standard", "*.md"]
    listed = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.split() if listed.returncode == 0 else []
    pages = [ROOT / name for name in names if not name.startswith("target/")]
    pages = pages or [path for path in ROOT.rglob("*.md") if "target" not in path.parts]
    wrong = [f"{page.relative_to(ROOT)}: {what}" for page in pages for what in faults(page)]
    contents = (BOOK / "SUMMARY.md").read_text()
    wrong += [f"SUMMARY.md has no {page.name}" for page in BOOK.glob("*.md")
              if page.name != "SUMMARY.md" and f"({page.name})" not in contents]
    wrong += [fault for folder in arguments for fault in book_faults(Path(folder))]
    print("\n".join(wrong) or f"the links of {len(pages)} pages are fine")
    return 1 if wrong else 0


def faults(page):
    text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", page.read_text()))
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists():
            yield f"dead link to {target}"
        elif BOOK in page.parents and BOOK not in file.parents:
            yield f"{target} is not in the book"
        elif anchor and file.suffix == ".md" and anchor not in anchors(file):
            yield f"no such heading: {target}"


def book_faults(folder):
    for page in sorted(folder.glob("*.html")):
        for target in re.findall(r' href="([^"]+)"', page.read_text()):
            path, _, anchor = target.partition("#")
            file = page.parent / path if path else page
            if re.match(r"[a-z]+:|//", target):
                continue
            if not file.exists():
                yield f"{page.name}: dead link to {target}"
            elif anchor and file.suffix == ".html" and f'id="{anchor}"' not in file.read_text():
                yield f"{page.name}: no such heading: {target}"


def anchors(page):
    """As GitHub and mdBook make them of headings."""
    found = set()
    for heading in re.findall(r"^#+ +(.*)$", FENCE.sub("", page.read_text()), re.M):
        heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        anchor = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        nth = 1
        found.add(anchor if anchor not in found else f"{anchor}-{nth}")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
