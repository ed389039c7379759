"""How well `kb search` finds, measured on judged queries beside other search engines; see docs/quality.md."""
