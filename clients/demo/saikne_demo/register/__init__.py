"""A register that the hub's job can talk to, over HTTP and through a folder: for demo, tests and measuring.

Source: domain 3.3; features N10, F50. The real one is not known; this one keeps to `register_entries`
strictly, and misbehaves on order. What it opened is for tests to ask for, and is never printed or logged.
"""

from saikne_demo.register.book import Book, Held
from saikne_demo.register.faults import Deed, Fault, Faults, Manners
from saikne_demo.register.in_files import RegisterFolder
from saikne_demo.register.over_http import Register
from saikne_demo.register.seal import SealRefused, opened

__all__ = [
    "Book",
    "Deed",
    "Fault",
    "Faults",
    "Held",
    "Manners",
    "Register",
    "RegisterFolder",
    "SealRefused",
    "opened",
]
