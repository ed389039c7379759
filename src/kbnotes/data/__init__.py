"""Files that go out: the topics of a new base, and the page of an export."""
