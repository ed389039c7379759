"""How well `kb tag suggest` knows the tag that a person gave."""
