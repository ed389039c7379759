"""How a numbered file goes on: the marker of its next note, in the file's own style."""

from __future__ import annotations

import pytest

from kbnotes.markdown import next_note, split


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("1. a\n2. b\n", "3. "),
        ("1.a\n2.b\n", "3."),
        ("1. a\n2.b\n", "3. "),
        ("1.\n2.\n", "3. "),
        ("### [1. a](#a)\n\n### [2. b](#b)\n", "### 3. "),
        ("### **1. a**\n\n### **2. b**\n", "### 3. "),
        ("### **1.** a\n\n### **2.** b\n", "### **3.** "),
        ("### 2nd a\n\n### 3rd b\n", "### 4th "),
        ("### [1] a\n\n### [2] b\n", "### [3] "),
        ("### (1) a\n\n### (2) b\n", "### (3) "),
        ("### <a id='q1'></a> 1. a\n\n### <a id='q2'></a> 2. b\n", "### 3. "),
        ("**1. One**\n\na\n\n**2. Two**\n\nb\n", "**3.** "),
        ("1 One\n===\n\n2 Two\n===\n", ""),
    ],
)
def test_the_next_note_has_the_next_number_in_the_style_of_the_last(text: str, marker: str) -> None:
    assert next_note(split(text).sections).marker == marker
