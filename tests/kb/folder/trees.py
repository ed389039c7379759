"""Folders for the tests to bring in."""

from __future__ import annotations

from pathlib import Path

SOURDOUGH = """---
title: "Sourdough: the long way"
aliases: [Levain bread, Pain au levain]
tags: [bread, "#Fermentation", cooking/baking]
created: 2024-03-01T08:00:00+02:00
updated: 2024-05-06
cssclass: wide
---

Feed the starter twice; see [[Starter]] and [[Daily/2024-05-06|that day]]. ![[crumb.png]] #experiment
"""
STARTER = "Flour and water, fed twice a day.\n\nUsed in [[Levain bread]] and [[Nowhere note]].\n"
DAY = "# 6 May\n\nBaked. [recipe](../Cooking/Sourdough.md#top) [gone](gone.md) ![x](../Cooking/crumb.png)\n"

VAULT = {
    ".gitignore": "private/\n",
    ".obsidian/app.json": "{}",
    ".trash/Old.md": "thrown away",
    "Cooking/Sourdough.md": SOURDOUGH,
    "Cooking/Starter.md": STARTER,
    "Cooking/crumb.png": "no picture",
    "Daily/2024-05-06.md": DAY,
    "private/Secret.md": "a secret",
}
TIL = {
    "README.md": "# Things learned\n\n- [stash](git/stash.md)\n",
    "git/stash.md": "# Stash what is untracked\n\n`git stash -u` takes it along.\n",
    "git/blame.md": "# Who wrote a line\n\n`git blame -L 1,2 file`\n",
    "python/dicts.md": "# Merge two dicts\n\n`a | b`\n",
    "docs/how.md": "# How this is made\n\nBy hand.\n",
    "2024/new-year.md": "A resolution.\n",
}


def grow(root: Path, files: dict[str, str]) -> Path:
    """Write files below `root`."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return root
