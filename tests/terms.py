"""The term of an exchange that has one."""

from saikne_schemas.views import ExchangeView, TermView


def term_of(view: ExchangeView) -> TermView:
    assert view.term is not None
    return view.term
