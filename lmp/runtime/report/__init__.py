"""A run as a page to look at, and the words that pages and terminals share."""

from lmp.runtime.report.write_report import write_report

__all__ = ["write_report"]
