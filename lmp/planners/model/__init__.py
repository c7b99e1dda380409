"""Planners that ask a vision-language model: the questions, the words and pictures that go with them, and the providers."""
