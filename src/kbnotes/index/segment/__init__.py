"""How an index lies on the disk: a codec for Whoosh whose dictionaries, postings and texts take little."""
