"""A client that nobody is behind: it keeps the request that would be sent."""

from __future__ import annotations

from pydantic import JsonValue

from lmp.planners.model.faults import ModelFault
from lmp.planners.model.request import ModelClient, Reply, Request


class NotSent(ModelFault):
    """The request was not sent, as was asked.

    Attributes:
        request: What would have been sent.
    """

    def __init__(self, request: Request):
        self.request = request
        super().__init__("The request was not sent.")


class UnsentClient:
    """Stands before another client and sends nothing.

    Args:
        client: Who would be asked.
    """

    def __init__(self, client: ModelClient):
        self.name: str = client.name
        self.parameters: dict[str, JsonValue] = client.parameters

    def reply(self, request: Request) -> Reply:
        """Never answers.

        Raises:
            NotSent: With the request.
        """
        raise NotSent(request)
