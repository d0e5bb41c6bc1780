"""Every page, gathered: what is refused on one of them is told as a page."""

from litestar import Router

from hub.board.board import Board
from hub.board.routes.doors import DOORS
from hub.board.routes.feed import FEED
from hub.board.routes.finding import FINDING
from hub.board.routes.keeping import KEEPING
from hub.board.routes.keys import KEYS
from hub.board.routes.looking_ahead import AHEAD
from hub.board.routes.news import NEWS
from hub.board.routes.organisation import ORGANISATION
from hub.board.routes.own_centre import CENTRE
from hub.board.routes.people import PEOPLE
from hub.board.routes.records import RECORDS
from hub.board.routes.refusals import told_on_pages
from hub.board.routes.saving import SAVING
from hub.board.routes.systems import SYSTEMS
from hub.board.routes.telling import TELLING
from hub.board.routes.welcome import WELCOME
from hub.board.routes.work import WORK


def pages(board: Board) -> Router:
    """No part of the published API: programs have their own addresses under `/v1`."""
    return Router(
        "/",
        route_handlers=[
            *DOORS,
            *ORGANISATION,
            *WELCOME,
            *WORK,
            *RECORDS,
            *FINDING,
            *AHEAD,
            *NEWS,
            *SAVING,
            *FEED,
            *TELLING,
            *CENTRE,
            *SYSTEMS,
            *KEEPING,
            *PEOPLE,
            *KEYS,
        ],
        exception_handlers=told_on_pages(board),
        include_in_schema=False,
    )
