"""Console transcripts that run as tests."""
