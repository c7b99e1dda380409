"""The meaning of conditions: relations and states of objects, and how a failure is classed."""
