"""What `hub demo` plays, and the peers of demo and tests: a family's file, a phone, mailboxes, a register.

Stands outside of the hub, which it starts and speaks to as anybody does: by its commands and its API.
"""
